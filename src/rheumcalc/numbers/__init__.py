"""Exact arithmetic on printed numbers: what they may stand for, and what fits them."""
