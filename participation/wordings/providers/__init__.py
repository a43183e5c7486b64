"""Services that put texts into other languages."""
