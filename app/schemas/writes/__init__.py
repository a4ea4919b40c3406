"""Models of what is written, one file for each domain."""
