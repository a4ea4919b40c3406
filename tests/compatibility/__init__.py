"""Whether whoever keeps to one contract is served by another that came after it."""
