"""The window. It paints results and reports intents; it computes nothing."""
