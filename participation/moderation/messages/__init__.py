"""What the team and authors write to each other."""
