"""Input for the strategy: statements that rest on clusters, ideas and votes."""
