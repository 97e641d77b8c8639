"""The write side's verbs: one small script a step, arguments in, files and one line out."""
