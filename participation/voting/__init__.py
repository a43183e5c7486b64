"""Votes: one person's stance on one idea, and the tallies that follow from them."""
