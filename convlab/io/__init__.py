"""Pictures from and to files. No Qt; every error is one message with its remedy."""
