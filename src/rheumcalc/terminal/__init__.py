"""A terminal: its width, columns on it, and the progress of a long run."""
