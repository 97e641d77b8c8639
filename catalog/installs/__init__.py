"""Installs by Composer: how nginx logs them, and how they are counted and forgotten."""
