"""Ideas that say the same, put together without being merged: candidates, bundles, objections, figures."""
