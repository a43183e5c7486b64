"""Read models that several showing packages share: lists of ideas, one idea, statements with their provenance."""
