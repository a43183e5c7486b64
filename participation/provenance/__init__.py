"""Provenance: from each sentence down to ideas, comments and votes, from each idea up to what became of it."""
