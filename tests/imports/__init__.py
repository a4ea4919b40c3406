"""What the importer takes, normalises and refuses."""
