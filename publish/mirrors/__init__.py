"""Other hosts and buckets that hold a copy of what is published."""
