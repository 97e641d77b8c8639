"""All questions that are put to a release's database."""
