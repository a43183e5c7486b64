"""The queue: what waits for moderators, in order, and how they work on it together."""
