"""Themes that moderators find in the ideas: clusters and what is filed in them."""
