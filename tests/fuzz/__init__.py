"""Networks that were damaged at random, opened and run, as ``tools/fuzz_networks.py`` does."""
