"""A terminal: its width, columns on it, and how far a long run has come."""
