"""Convolution in one dimension: two signals, how one slides over the other, what comes of it."""
