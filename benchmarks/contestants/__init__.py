"""What Outturn is measured beside, each an ASGI application of its own."""
