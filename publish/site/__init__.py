"""The rows and lists of a release."""
