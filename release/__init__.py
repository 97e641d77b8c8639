"""The form of what is published: schema, paths under DATA, addresses, how a release is opened.

Both sides of the house rest on it, and it on the standard library only.
"""
