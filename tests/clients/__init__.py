"""The clients, held against a server that runs."""
