"""Learning: gradients of operations and units. No Qt, files or threads; imports layers and engine."""
