"""Statements: what they say and rest on, quotes, two people for each sign-off, and sources that were lost."""
