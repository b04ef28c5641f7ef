"""Reports as text: one module per format, each a function from a report to what is printed."""
