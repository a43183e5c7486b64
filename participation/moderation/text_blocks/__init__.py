"""Reasons that are given again and again, in several languages."""
