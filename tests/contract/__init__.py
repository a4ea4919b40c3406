"""The committed contract against a running service, by Schemathesis: `make fuzz`."""
