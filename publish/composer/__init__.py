"""The files that Composer reads, as one release has them."""
