"""Cards: which are wanted, which there are, and how new ones are drawn and kept."""
