"""Opinion groups: who votes alike, what each group holds, and what all of them share."""
