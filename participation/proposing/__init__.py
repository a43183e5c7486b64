"""Proposing in small steps: drafts kept on the server, hints, and the pages that lead to a submitted idea."""
