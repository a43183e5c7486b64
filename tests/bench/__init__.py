"""Measuring how fast the pages are, against a floor in the same server: ``./dev bench``."""
