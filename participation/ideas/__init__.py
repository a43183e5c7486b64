"""Ideas: residents' proposals under the principles, their state and who may see them."""
