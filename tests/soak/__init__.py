"""What takes long: the same as tests elsewhere do in short, many times over."""
