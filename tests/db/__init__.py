"""What stands between the rules and the databases: column types, the compiler, connections."""
