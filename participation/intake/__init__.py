"""Contributions that arrive by file: tables of ideas, and the votes of a Polis conversation."""
