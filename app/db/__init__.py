"""Column types, connections, and the compiler from a rule to SQL."""
