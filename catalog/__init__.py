"""What is known: packages, where their facts come from, and what is remembered of them."""
