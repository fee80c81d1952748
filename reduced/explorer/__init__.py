"""A page that plays: runs of the reduced flow behind sliders, as one file or live."""
