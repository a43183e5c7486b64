"""The discussion of an idea: comments in threads."""
