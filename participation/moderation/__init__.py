"""What moderation decided about content, and why."""
