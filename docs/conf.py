"""How the site is built: `python -m sphinx -W -b html docs docs/_build/html`. Nothing is fetched."""

import sys
from pathlib import Path

from rheumcalc import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "rheumcalc"
author = "The rheumcalc authors"
project_copyright = author
version = release = __version__

extensions = ["generate", "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# The generated pages are included by the pages that introduce them; those of the rules are pages of their own.
exclude_patterns = ["_build", "_ext", "_generated/*.md"]

html_theme = "furo"
html_title = f"rheumcalc {__version__}"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
# Docstrings quote code in single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "signature"
# Examples of broken YAML are meant to be broken.
suppress_warnings = ["misc.highlighting_failure"]
