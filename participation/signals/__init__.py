"""What programs see in contributions, with their reasons: hints for moderators, never a verdict."""
