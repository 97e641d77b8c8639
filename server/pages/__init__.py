"""The pages for people, one module each: a release and what was asked in, a page to print out."""
