"""The adopted framework: principles, test criteria, values, and the city's districts and fields of action."""
