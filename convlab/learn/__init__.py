"""Learning: gradients, losses, optimisers, training. No Qt or files; on layers and engine."""
