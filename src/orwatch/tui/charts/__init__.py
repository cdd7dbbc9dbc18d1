"""Charts: each a function from figures, an ink and a size to rows of cells."""
