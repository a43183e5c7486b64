"""The public pages over everything: front, processes, ideas, principles, results, editorial pages."""
