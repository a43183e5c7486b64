"""Tallies that anybody can check: the figures as a file, the vote log with its root, and their verification."""
