"""Learning: gradients of operations and units. No Qt, files or threads; on layers and engine."""
