"""What waits for moderators: one row per reason to look at one contribution, whatever the reason is."""
