"""The HTTP face, through HTTP."""
