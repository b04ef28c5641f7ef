"""A study record: its file, its model, and what it claims."""
