"""Logical tables become facts, indicators and statistics; running text becomes claims."""
