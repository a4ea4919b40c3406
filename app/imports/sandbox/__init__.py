"""Strangers' files parsed in a process of their own, under limits: nothing of the service is imported."""
