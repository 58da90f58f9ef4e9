"""Pictures from and to files. No Qt; every error is one sentence with its remedy."""
