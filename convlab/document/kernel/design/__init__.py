"""Kernels by example, from a painted spectrum, tested and undone: what is wanted, what is shown."""
