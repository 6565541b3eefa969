"""Priority weights: what other weightings would have done, and which weights decisions imply."""
