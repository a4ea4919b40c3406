"""What loading and publishing write, on both databases."""
