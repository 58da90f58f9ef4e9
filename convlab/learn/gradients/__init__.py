"""The gradient of a loss with respect to what went into each operation.

One file per kind of operation, one function ``<operation>_gradient`` per operation. The first
argument is always the gradient of the loss with respect to the operation's output, of the shape of
that output; the others are what the operation was given, or its output where that is all that is
needed. Results are new float32 arrays of the shape of what they belong to; no input is changed.
``ValueError`` says which shapes do not fit.
"""
