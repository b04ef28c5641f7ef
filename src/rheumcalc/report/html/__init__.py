"""The report as a page of its own: the draft as read, with every result marked and its working one click away.

Nothing in the page is loaded from anywhere, and nothing quoted in it is markup.
"""

from rheumcalc.report.html.page import render_report

__all__ = ["render_report"]
