"""Moderators' decisions about wordings: what people suggest, and what readers are shown."""
