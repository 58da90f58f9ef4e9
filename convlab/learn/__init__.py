"""Learning: gradients of the engine's operations. No Qt, files or threads; imports engine only."""
