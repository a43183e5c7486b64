"""Residents' texts in other languages: by machine, where a process allows it, and by people."""
