"""What the city answers to ideas, bundles and statements, whom it refers them to, and the measures that follow."""
