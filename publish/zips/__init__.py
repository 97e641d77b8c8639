"""Zips that are kept: asked for, looked through, stored by their content."""
