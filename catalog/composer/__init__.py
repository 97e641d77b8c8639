"""The Composer repository: which versions it offers, under which names, in which bytes.

Everything here is pure: facts in, decisions and bytes out. Nothing opens a file or a database.
"""
