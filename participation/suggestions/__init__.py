"""Where the board would file what is not filed yet: learned from what people filed, never done without them."""
