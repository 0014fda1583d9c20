"""Train and evaluate the two networks."""
