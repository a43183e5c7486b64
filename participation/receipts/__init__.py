"""Signed proofs of contributions that anyone can check and that name nobody."""
