"""Who took part, for those who care to say: answers kept apart from votes, held against the whole city."""
