"""The command, where the interpreter is given the package: `python -m app.cli`."""

from app.cli import app

app()
