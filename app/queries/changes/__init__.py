"""What changed between two states of organisations' facts: cell by cell, and in the statuses that follow."""
