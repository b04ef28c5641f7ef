"""A real browser without a network, which notes whatever a page tries."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from rheumcalc.report.html import render_report
from rheumcalc.result import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Opened:
    """A page from disk, and what it said, broke and asked for since it was opened."""

    page: Page
    address: str
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def focused(self) -> str:
        """The id of what has the focus."""
        return str(self.page.evaluate("document.activeElement.id"))

    @property
    def width(self) -> int:
        """How wide the page is, with what one would have to scroll to sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; the tests are skipped, with a printed line, where there is none."""
    pytest.importorskip("playwright", reason="the browser tests need playwright")
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        print(f"no browser: none of {', '.join(_NAMES)} is installed")  # noqa: T201
        pytest.skip(f"no browser: none of {', '.join(_NAMES)} is installed")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=found, args=_QUIET)
        yield started
        started.close()


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Write a report as a page, and open it: `open_report(report, width=390)`.

    However a test goes, the page must have said nothing on the console and asked for nothing but itself.
    """
    opened: list[Opened] = []

    def opening(
        report: Report,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Literal["light", "dark"] = "light",
        fragment: str = "",
        **more: Any,
    ) -> Opened:
        path = tmp_path / f"report {len(opened)}.html"
        path.write_text(render_report(report), encoding="utf-8")
        context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            **more,
        )
        page = context.new_page()
        one = Opened(page, path.as_uri())
        page.on("console", lambda message: one.told.append(message.text))
        page.on("pageerror", lambda error: one.told.append(str(error)))
        page.on("dialog", lambda dialog: one.told.append(dialog.message))
        page.on("request", lambda request: one.asked.append(request.url))
        page.goto(one.address + fragment)
        opened.append(one)
        return one

    yield opening
    for one in opened:
        one.page.context.close()
    assert [one.told for one in opened] == [[]] * len(opened)
    assert [set(one.asked) - {one.address} for one in opened] == [set()] * len(opened)
