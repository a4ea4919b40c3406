"""Writers of data sets: rows in, bytes out; no SQL."""
