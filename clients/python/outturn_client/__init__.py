"""A typed client of Outturn: its operations in `api`, its schemas in `models`, and what goes around them."""

from .client import AuthenticatedClient, Client
from .connecting import connect
from .errors import ProblemError
from .pages import every, every_async

__all__ = ("AuthenticatedClient", "Client", "ProblemError", "connect", "every", "every_async")
