"""What councils state as it is, on the wire."""
