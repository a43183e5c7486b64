"""Work places of moderators and staff: what they read before they act."""
