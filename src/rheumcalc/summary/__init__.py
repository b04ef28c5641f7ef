"""Summary tables and figures: rows from claims, and a writer for each format."""
