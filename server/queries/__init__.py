"""All questions that are put to a release: a connection in, rows with names out."""
