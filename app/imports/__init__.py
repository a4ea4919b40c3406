"""Reports as councils type them, read into typed rows; no database."""
