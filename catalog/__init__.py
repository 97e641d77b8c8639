"""The write side's nouns: what a package is, where its facts come from, what is remembered."""
