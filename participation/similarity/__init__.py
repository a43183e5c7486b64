"""What ideas have in common: vectors, ideas that say something similar, principles that would fit."""
