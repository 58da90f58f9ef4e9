"""A beside B: the bar, the line and the intents that labs of pictures share.

What is computed of both is in ``document``; how a lab paints it, in its own wing.
"""
