"""Processes, their phases, who holds which role in them, and the participants' pseudonyms."""
