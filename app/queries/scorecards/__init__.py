"""One service's period on a page: what its report opens with, worked out and linked to its rows."""
