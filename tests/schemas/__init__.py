"""What bodies say, and what they are refused for."""
