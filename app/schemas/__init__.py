"""Wire models: what is asked in a query and what comes back."""
