"""The rules: worked by hand, worked by an oracle of their own, and read three ways."""
