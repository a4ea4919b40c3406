"""What is derived from raw facts, said once; standard library only."""
