"""Who hears about what: so far by mail, one letter per event."""
