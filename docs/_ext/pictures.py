"""The pictures of the pages: what the program prints, draws and writes, rendered and cut to what is on it.

`python docs/_ext/pictures.py [NAME …]` makes them all, or those that are named, in `docs/pictures/`. Pages and
terminals are drawn by a Chromium of this machine, documents of Word and Excel by its LibreOffice, LaTeX by its
pdflatex; a picture whose program is not there is left as it is, and named.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
TWO_STUDIES = ("data/studies/zhang-2023-tofacitinib-jdm.yaml", "data/studies/quartier-2011-anajis.yaml")
DRAFT = "data/drafts/quarter-in-review.md"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: What a browser must not do on a machine without a screen and without a network.
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


class MissingProgramError(Exception):
    """A program that draws a picture is not on this machine."""


def _rheumcalc(*arguments: str, columns: int = 80, colour: bool = False) -> str:
    """Run the program at the top of the repository, and return what it prints."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    env = kept | {"COLUMNS": str(columns), "PYTHONUTF8": "1"} | ({"FORCE_COLOR": "1"} if colour else {"NO_COLOR": "1"})
    command = [sys.executable, "-m", "rheumcalc", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, encoding="utf-8")  # noqa: S603 - our own program
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.stdout


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise MissingProgramError(names[0])
    return found


def _page(url: str, *, width: int, height: int, scheme: str = "light", act: Callable[..., None] | None = None) -> Image:
    """Return a page as a Chromium shows it, without a network."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    chromium = _program(*_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_QUIET))
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=1.5,
            color_scheme="dark" if scheme == "dark" else "light",
            offline=True,
        )
        page = context.new_page()
        page.goto(url)
        if act is not None:
            act(page)
        data = page.screenshot()
        browser.close()
    return Image.open(io.BytesIO(data))


def _terminal(*arguments: str, lines: int, scheme: str = "dark") -> Image:
    """Return the first lines that a command prints as a terminal of 80 columns shows them."""
    from rich.console import Console
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI
    from rich.text import Text

    printed = _rheumcalc(*arguments, colour=True).splitlines()[:lines]
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(Text.from_ansi(f"$ rheumcalc {' '.join(arguments)}\n" + "\n".join(printed)), soft_wrap=True)
    theme = DIMMED_MONOKAI if scheme == "dark" else DEFAULT_TERMINAL_THEME
    page = console.export_html(theme=theme, inline_styles=True)
    # The font of this machine; a line of the picture is a line of the terminal.
    page = page.replace("<body", '<body style="margin: 18px; font-size: 15px"', 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "terminal.html")
        file.write_text(page, encoding="utf-8")
        return _page(file.as_uri(), width=800, height=40 + 21 * (len(printed) + 2), scheme=scheme)


def _office(data: Path, folder: str) -> Image:
    """Return the first page of a document as LibreOffice sets it."""
    office = _program("soffice", "libreoffice")
    command = [office, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
    subprocess.run(  # noqa: S603 - a program of this machine on a file of ours
        [*command, "--convert-to", "pdf", "--outdir", folder, str(data)], check=True, capture_output=True
    )
    return _first_page(data.with_suffix(".pdf"))


def _first_page(path: Path) -> Image:
    import pypdfium2

    image: Image = pypdfium2.PdfDocument(path)[0].render(scale=1.8).to_pil()
    return image


def _written(name: str, *arguments: str, draw: Callable[[Path, str], Image]) -> Image:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, name)
        _rheumcalc(*(each.replace("TARGET", str(target)) for each in arguments))
        return draw(target, folder)


def _forest() -> Image:
    from PIL import Image

    def read(path: Path, _: str) -> Image.Image:
        return Image.open(path).copy()

    record = "data/studies/quartier-2011-anajis.yaml"
    return _written("forest.png", "summary", record, "--by", "outcome", "--forest", "TARGET", draw=read)


def _latex(path: Path, folder: str) -> Image:
    latex = _program("pdflatex")
    packages = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("% ")
    whole = "\n".join((
        r"\documentclass{article}\usepackage[landscape,margin=15mm]{geometry}\pagestyle{empty}",
        packages,
        rf"\begin{{document}}\input{{{path.name}}}\end{{document}}",
    ))  # fmt: skip
    Path(folder, "whole.tex").write_text(whole, encoding="utf-8")
    subprocess.run([latex, "-interaction=nonstopmode", "whole.tex"], cwd=folder, check=True, capture_output=True)  # noqa: S603 - as above
    return _first_page(Path(folder, "whole.pdf"))


def _summary_page(path: Path, _: str) -> Image:
    return _page(path.as_uri(), width=1100, height=1250)


def _report(scheme: str) -> Image:
    def show(path: Path, _: str) -> Image:
        return _page(path.as_uri(), width=1200, height=900, scheme=scheme)

    arguments = ("check", DRAFT, "--studies", "data/studies", "--format", "html:TARGET")
    return _written("report.html", *arguments, draw=show)


def _comments() -> Image:
    """Return the draft as a Word document with its comments beside it."""
    sys.path.insert(0, str(ROOT / "tests"))
    from makers import as_docx

    with tempfile.TemporaryDirectory() as folder:
        draft, checked = Path(folder, "draft.docx"), Path(folder, "checked.docx")
        draft.write_bytes(as_docx((ROOT / DRAFT).read_text(encoding="utf-8")))
        _rheumcalc("check", str(draft), "--studies", "data/studies", "--annotate", str(checked))
        return _office_window(checked, folder)


#: What keeps LibreOffice from greeting whoever opens it for the first time.
_NO_GREETING = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">
<value>false</value></prop></item></oor:items>
"""


def _office_window(data: Path, folder: str) -> Image:
    """Return the page of a document in a window of LibreOffice, which shows comments on a screen alone."""
    from PIL import ImageGrab

    office, server = _program("soffice", "libreoffice"), _program("Xvfb")
    user = Path(folder, "profile", "user")
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_NO_GREETING, encoding="utf-8")
    screen = ":77"
    profile = f"-env:UserInstallation={user.parent.as_uri()}"
    display = subprocess.Popen([server, screen, "-screen", "0", "1500x1250x24"], stderr=subprocess.DEVNULL)  # noqa: S603 - as above
    time.sleep(2)
    window = subprocess.Popen(  # noqa: S603 - as above
        [office, profile, "--norestore", "--nologo", "--nodefault", "--view", str(data)],
        env=os.environ | {"DISPLAY": screen},
        start_new_session=True,
    )
    try:
        time.sleep(_OPENING)
        # The page and its margin, without the window around them.
        return ImageGrab.grab(xdisplay=screen).crop((200, 100, 1238, 1200))
    finally:
        os.killpg(window.pid, signal.SIGTERM)
        window.wait(30)
        display.terminate()
        display.wait(30)


#: How long LibreOffice may take to show a document, in seconds.
_OPENING = 25

#: Every picture by its name.
MAKERS: Mapping[str, Callable[[], Image]] = {
    "terminal-check": lambda: _terminal("check", DRAFT, "--studies", "data/studies", lines=46),
    "terminal-summary": lambda: _terminal("summary", TWO_STUDIES[0], lines=46, scheme="light"),
    "summary-html": lambda: _written(
        "table.html", "summary", *TWO_STUDIES, "--format", "html:TARGET", draw=_summary_page
    ),
    "summary-word": lambda: _written("table.docx", "summary", *TWO_STUDIES, "--format", "docx:TARGET", draw=_office),
    "summary-excel": lambda: _written("table.xlsx", "summary", *TWO_STUDIES, "--format", "xlsx:TARGET", draw=_office),
    "summary-latex": lambda: _written("table.tex", "summary", *TWO_STUDIES, "--format", "latex:TARGET", draw=_latex),
    "forest": _forest,
    "report": lambda: _report("light"),
    "report-dark": lambda: _report("dark"),
    "word-comments": _comments,
}
#: How wide a picture is at the most, in pixels, and how many colours it has: pages load it.
_WIDEST, _COLOURS = 1600, 64


def _save(name: str, image: Image) -> None:
    """Save a picture without the empty margins around it."""
    from PIL import Image, ImageChops

    picture = image.convert("RGB")
    ground = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    box = ImageChops.difference(picture, ground).getbbox()
    if box is not None:
        left, top, right, bottom = box
        picture = picture.crop(
            (max(0, left - 16), max(0, top - 16), min(picture.width, right + 16), min(picture.height, bottom + 16))
        )
    if picture.width > _WIDEST:
        picture = picture.resize((_WIDEST, picture.height * _WIDEST // picture.width), Image.Resampling.LANCZOS)
    PICTURES.mkdir(exist_ok=True)
    picture.quantize(_COLOURS).save(PICTURES / f"{name}.png", optimize=True)


def main(names: list[str]) -> int:
    """Make the pictures that are named, or all; return how many could not be made."""
    missing = 0
    for name in names or MAKERS:
        try:
            _save(name, MAKERS[name]())
            print(f"made {name}.png")
        except MissingProgramError as error:
            missing += 1
            print(f"left {name}.png as it is: {error} is not on this machine")
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
