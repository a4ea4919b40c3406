"""What is read: reconciliation, visibility, printed figures; and what other tests of reading share."""
