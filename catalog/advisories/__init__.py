"""Advisories of the operator's own feed: which versions of which packages are vulnerable."""
