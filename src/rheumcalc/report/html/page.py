"""Write the page: a template that escapes everything, and a policy that allows only its own style and script."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from rheumcalc.report.html.build import page_view
from rheumcalc.report.html.rule_pages import rule_page

if TYPE_CHECKING:
    from rheumcalc.result import Report


def render_report(report: Report) -> str:
    """Return a report as one HTML file that needs nothing else. The same report gives the same page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    view = page_view(report)
    style, script = _own("page.css"), _own("page.js")
    pages = {rule.code: Markup(rule_page(rule.page, {each.code for each in view.rules})) for rule in view.rules}  # noqa: S704 - it is made of our own pages, and HTML in them is escaped
    return environment.from_string(_own("page.html.j2")).render(
        page=view,
        rule_pages=pages,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own, and its hash is in the policy
        script=Markup(script),  # noqa: S704 - as above
    )


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return the content-security policy under which only this style and this script are used."""
    parts = (
        "default-src 'none'",
        f"style-src '{_digest(style)}'",
        f"script-src '{_digest(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
