"""What a paper for the council says beyond the rows of an export: who took part, results by topic, groups, terms."""
