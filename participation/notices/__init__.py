"""Notices: somebody points at a contribution; and evidence that is held."""
