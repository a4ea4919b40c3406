"""Small counts kept from being worked back, and the attacker who tries."""
