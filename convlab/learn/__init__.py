"""Learning: gradients, losses, optimisers, trainer. No Qt, files or threads; on layers, engine."""
