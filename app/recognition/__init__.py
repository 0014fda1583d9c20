"""From PNG bytes to a prediction; knows nothing of the web."""
