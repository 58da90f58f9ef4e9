"""The part of the Document that learns: one kernel, a network, a neuron."""
