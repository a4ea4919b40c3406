"""Scripts that run where a judge lives, in an environment of its own."""
