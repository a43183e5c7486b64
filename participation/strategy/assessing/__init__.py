"""Statements held against the criteria and values of the framework."""
