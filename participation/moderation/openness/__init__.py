"""What moderation publishes about itself: the log, figures per month, time spent."""
