"""What does not come back from the raw facts, and what in them contradicts something else."""
