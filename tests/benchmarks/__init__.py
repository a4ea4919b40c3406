"""What the measurements stand on: the same facts every time, and contestants that agree."""
