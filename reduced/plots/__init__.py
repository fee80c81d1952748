"""How figures look; Matplotlib is imported only where something is drawn."""
