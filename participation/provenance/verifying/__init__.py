"""Checking the whole chain from ideas and votes to answers and measures; each break has a name."""
