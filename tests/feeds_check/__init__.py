"""What others make of the feeds: validators and harvesters that are not ours, on a running service."""
