"""What authors read of decisions, their objections, and who answers them."""
