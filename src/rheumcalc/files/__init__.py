"""Files: which are read, how they are read, and how they are written."""
