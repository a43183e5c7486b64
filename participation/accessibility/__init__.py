"""No barriers: the accessibility statement, reports of barriers, and videos in sign language."""
