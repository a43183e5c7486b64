"""Other principles and fields of action, and answers that stand elsewhere."""
