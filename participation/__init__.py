"""The participation platform: residents propose, discuss and vote, moderators curate, staff take it to the council."""
