"""Technique without vocabulary: database, transactions, forms, pages, headers, assets, mail, clock."""
