"""The cluster board: what is done to it, step by step, what can be undone, and what it shows."""
