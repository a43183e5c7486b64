"""Wordings by people: suggested, decided about, corrected and taken down."""
