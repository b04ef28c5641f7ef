"""The version, kept apart so that `--version` costs no metadata look-up."""

__version__ = "0.1.0"
