"""The participation platform: residents propose, discuss and vote; moderators curate; staff take the result to the council."""
