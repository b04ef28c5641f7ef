"""Which format goes where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rheumcalc.config import SettingsError
from rheumcalc.report.outputs import REPORTERS, Output, plan_outputs


@pytest.mark.parametrize(
    ("formats", "output", "expected"),
    [
        ([], None, [Output("table")]),
        ([], "report.txt", [Output("table", "report.txt")]),
        (["json"], None, [Output("json")]),
        (["json"], "report.json", [Output("json", "report.json")]),
        (["json:report.json"], None, [Output("json", "report.json")]),
        (["table", "sarif:out.sarif"], None, [Output("table"), Output("sarif", "out.sarif")]),
        (["table", "sarif:out.sarif"], "t.txt", [Output("table", "t.txt"), Output("sarif", "out.sarif")]),
        (["json:a", "json:b"], None, [Output("json", "a"), Output("json", "b")]),
        ([r"sarif:C:\x.sarif"], None, [Output("sarif", r"C:\x.sarif")]),
        (["table:-", "json:a"], None, [Output("table"), Output("json", "a")]),
        (["junit:a:b,c"], None, [Output("junit", "a:b,c")]),
    ],
)
def test_plan(formats: list[str], output: str | None, expected: list[Output]) -> None:
    """Formats keep their order; the one without a file of its own takes that of `--output`, or standard output."""
    assert expected == list(plan_outputs(formats, output))


@pytest.mark.parametrize(
    ("formats", "output", "words"),
    [
        (["jsn"], None, "did you mean 'json'?"),
        (["SARIF"], None, "did you mean 'sarif'?"),
        (["sarf:out"], None, "did you mean 'sarif'?"),
        (["[/bold]"], None, "table, json, markdown, github, sarif, junit"),
        ([""], None, "'' is not a known format"),
        ([":x"], None, "'' is not a known format"),
        (["sarif:"], None, "does not name a file"),
        (["table", "json"], None, "--format json:FILE"),
        (["table", "table"], None, "the same place"),
        (["table", "json"], "x", "the same place"),
        (["table", "json:-"], None, "the same place"),
        (["json:a"], "b", "every --format has a file"),
        (["json:a", "sarif:./a"], None, "given for two outputs"),
        (["json:a", "table"], "a", "given for two outputs"),
        (["json:base.json"], None, "given for two outputs"),
    ],
)
def test_what_cannot_be_meant(formats: list[str], output: str | None, words: str) -> None:
    """The message says what is valid, or what to do."""
    with pytest.raises(SettingsError) as raised:
        plan_outputs(formats, output, "base.json")
    assert words in str(raised.value)


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own")
def test_two_names_of_one_file(tmp_path: Path) -> None:
    """A link to a file is that file."""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(SettingsError, match="two outputs"):
        plan_outputs([f"json:{tmp_path / 'link'}", f"sarif:{tmp_path / 'file'}"])


def test_every_format_is_named_in_the_help() -> None:
    """The help of `--format` names every format there is."""
    import typer

    from rheumcalc.cli import app

    group = typer.main.get_command(app)
    command = group.commands["check"]  # type: ignore[attr-defined]
    (option,) = (param for param in command.params if "--format" in param.opts)
    assert [name for name in REPORTERS if name not in option.help] == []
