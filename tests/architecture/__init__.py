"""Tests of the house rules: each walks the whole project, and each is shown to catch a planted mistake."""
