"""A demo that is always in an interesting phase: content and the code that plays it through the services."""
