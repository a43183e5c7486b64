"""A whole process as one encrypted file: out of one installation, into an empty one, and checked in between."""
