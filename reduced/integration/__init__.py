"""From a flow to a trajectory: methods, observation, and checkpoints from which a run goes on."""
