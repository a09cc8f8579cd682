"""A file becomes a Document: blocks in reading order, one module a format."""
