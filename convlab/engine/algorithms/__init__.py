"""One file per way to compute a 2-D convolution; all give the same numbers to rounding."""
