"""Posters: a process or a statement on one sheet of A3, for walls, windows and notice boards."""
