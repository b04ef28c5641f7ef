"""Functions that know numbers and no studies."""
