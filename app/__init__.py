"""Digits: draw a digit, and see two small neural networks name it."""
