"""The hooks, the action and the example repository: what a review's CI is made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from conftest import PATIENCE, RunCli

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "review-repository"
#: What no shell may ever run.
HOSTILE = "$(touch pwned); touch pwned `touch pwned` \"; touch pwned; ' --output=pwned"


@cache
def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _options() -> set[str]:
    """Return the options of `rheumcalc check`."""
    import typer

    from rheumcalc.cli import app

    group: Any = typer.main.get_command(app)
    return {option for param in group.commands["check"].params for option in param.opts}


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """A copy of the example repository, as a repository of its own."""
    copy = tmp_path / "a review"
    shutil.copytree(EXAMPLE, copy)
    (copy / ".git").mkdir()
    return copy


# --- the example -----------------------------------------------------------------------------------------------------


def test_the_example_passes_as_it_stands(cli: RunCli, review: Path) -> None:
    """The plain command of its README checks every draft and record, and finds nothing but what is ignored."""
    run = cli("check", cwd=review)
    assert (run.code, run.err) == (0, "")
    files = len([*review.glob("drafts/*.md"), *review.glob("studies/*.yaml")])
    assert f"0 errors, 0 warnings, 0 notes (2 ignored) in {files} files." in run.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("18 of 30 (60.0%)", "19 of 30 (60.0%)"),
        ("| Quiet uveitis | 18 (60.0)", "| Quiet uveitis | 18 (60.6)"),
        ("12 of 18 (66.7%)", "12 of 18 (67.6%)"),
        ("12 of 18 (66.7%)", "9 of 18 (50.0%)"),
        ("<!-- rheumcalc:ignore RC201 as printed; 5/18 is 28%, and the authors have been asked -->\n", ""),
    ],
)
def test_the_example_fails_on_a_planted_slip(cli: RunCli, review: Path, old: str, new: str) -> None:
    """A number that cannot be true, or is not the study's, is an error that names its line; the run exits with 1."""
    draft = review / "drafts" / "spring-review.md"
    text = draft.read_text(encoding="utf-8")
    # What comes first is the review's own words; the table at the end, which has some of them too, is not read.
    slip = text.replace(old, new, 1)
    assert slip != text
    draft.write_text(slip, encoding="utf-8")
    line = slip[: slip.index(new) if new else slip.index("5/18")].count("\n") + 1
    run = cli("check", "--quiet", cwd=review)
    assert run.code == 1
    places = re.findall(r"^error RC\d+ .*\n  (\S+?):(\d+):\d+(?:  .*)?$", run.out, flags=re.MULTILINE)
    assert set(places) == {("drafts/spring-review.md", str(line))}


def test_the_table_of_the_example_is_that_of_its_records(cli: RunCli, review: Path) -> None:
    """Nothing is to be renewed as it stands; a number changed in the table, or in a record, makes it stale."""
    command = ("summary", "--into", "drafts/spring-review.md", "--verify")
    assert cli(*command, cwd=review).code == 0
    draft, record = review / "drafts" / "spring-review.md", review / "studies" / "brandt-2023-fever.yaml"
    for file, old, new in ((draft, "| 12/18 |   67 |", "| 12/18 |   76 |"), (record, "12 (66.7%)", "11 (61.1%)")):
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert cli(*command, cwd=review).code == 1
        file.write_text(text, encoding="utf-8")


def test_the_readme_of_the_example_says_which_line_to_change() -> None:
    """A reader who follows it changes the number that is meant."""
    told = re.search(r"the first (\d+) of line (\d+) to (\d+)", (EXAMPLE / "README.md").read_text(encoding="utf-8"))
    assert told
    line = (EXAMPLE / "drafts" / "spring-review.md").read_text(encoding="utf-8").splitlines()[int(told[2]) - 1]
    assert (told[1] in line, told[3] in line) == (True, False)


def test_the_workflow_of_the_example_uses_what_the_action_takes() -> None:
    """Every input of its step is one of the action's, and it may do what the action does."""
    workflow = _yaml(EXAMPLE / ".github" / "workflows" / "check.yml")
    (step,) = [each for each in workflow["jobs"]["check"]["steps"] if "rheumcalc@" in each["uses"]]
    assert set(step["with"]) <= set(_yaml(ROOT / "action.yml")["inputs"])
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}


def test_the_hooks_of_the_example_are_those_of_the_project() -> None:
    """It names hooks that there are, all of them."""
    (repo,) = _yaml(EXAMPLE / ".pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in repo["hooks"]] == [hook["id"] for hook in _yaml(ROOT / ".pre-commit-hooks.yaml")]


# --- the hooks -------------------------------------------------------------------------------------------------------

HOOKS = pytest.mark.parametrize("hook", _yaml(ROOT / ".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])


@HOOKS
def test_a_hook_has_what_it_needs(hook: dict[str, Any]) -> None:
    """Its keys are known, its entry is the program's, and every option it gives exists."""
    known = {"id", "name", "description", "entry", "args", "language", "files", "types", "require_serial"}
    assert set(hook) == known
    assert (hook["language"], hook["require_serial"]) == ("python", True)
    program, command = hook["entry"].split()
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert (program in scripts, command) == (True, "check")
    assert set(hook["args"]) <= _options()


def _chosen(hook: dict[str, Any], folder: Path) -> list[str]:
    """Return the files of a folder that pre-commit would give to a hook."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in names if re.search(hook["files"], name))


@HOOKS
def test_a_hook_passes_on_the_example_and_fails_on_a_slip(cli: RunCli, review: Path, hook: dict[str, Any]) -> None:
    """Run as pre-commit runs it, on the files it chooses, it does what its name says."""
    files = _chosen(hook, review)
    wanted = {"rheumcalc-records": "studies/", "rheumcalc-drafts": "drafts/"}[hook["id"]]
    assert files
    assert all(name.startswith(wanted) for name in files)
    arguments = [*hook["entry"].split()[1:], *hook["args"], *files]
    assert cli(*arguments, cwd=review).code == 0
    for name in files:
        path = review / name
        path.write_text(
            path.read_text(encoding="utf-8").replace("18 of 30 (60.0%)", "19 of 30 (60.0%)"), encoding="utf-8"
        )
    run = cli(*arguments, cwd=review)
    assert (run.code, "19 of 30" in run.out or "19/30" in run.out) == (1, True)


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("studies/a.yaml", ["rheumcalc-records"]),
        ("reviews/2025/studies/a.yml", ["rheumcalc-records"]),
        ("reviews/2025/drafts/a.md", ["rheumcalc-drafts"]),
        ("drafts/spring/a.txt", ["rheumcalc-drafts"]),
        (".github/workflows/check.yml", []),
        ("drafts/figure.png", []),
        ("README.md", []),
        ("mystudies/a.yaml", []),
    ],
)
def test_hooks_choose_records_and_drafts_and_nothing_else(name: str, hooks: list[str]) -> None:
    """A workflow is no record, and a README no draft."""
    assert [hook["id"] for hook in _yaml(ROOT / ".pre-commit-hooks.yaml") if re.search(hook["files"], name)] == hooks


# --- the action ------------------------------------------------------------------------------------------------------


def _steps() -> list[dict[str, Any]]:
    action = _yaml(ROOT / "action.yml")
    assert action["runs"]["using"] == "composite"
    steps: list[dict[str, Any]] = action["runs"]["steps"]
    return steps


def test_every_input_of_the_action_is_described_and_used() -> None:
    """Each has a description and a default, the page on CI lists it with both, and a step uses it."""
    inputs = _yaml(ROOT / "action.yml")["inputs"]
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name, each in inputs.items():
        default = f" `{each['default']}` " if each["default"] else " "
        assert f"| `{name}` |{default}| {each['description']} |" in page
        assert f"inputs.{name}" in str(_steps())
    assert set(re.findall(r"inputs\.([\w-]+)", str(_steps()))) == set(inputs)


def test_no_expression_stands_in_a_script() -> None:
    """Inputs reach the shell as variables alone, and every script says which shell it is for."""
    scripts = [step for step in _steps() if "run" in step]
    assert len(scripts) == 2
    for step in scripts:
        assert ("${{" in step["run"], step["shell"]) == (False, "bash")


def test_every_option_that_the_action_gives_exists() -> None:
    """The script of the check names no option that the program does not have."""
    (script,) = [step["run"] for step in _steps() if step.get("id") == "check"]
    given = set(re.findall(r"--[a-z][a-z-]+", script))
    assert given
    assert given <= _options()


def test_the_upload_happens_whatever_was_found() -> None:
    """A run with findings is the one whose findings are wanted; without a report there is nothing to upload."""
    upload = _steps()[-1]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    assert upload["if"].split(" && ")[0] == "always()"
    assert upload["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"


def _run_check(
    tmp_path: Path, inputs: Mapping[str, str] = MappingProxyType({}), code: int = 0
) -> tuple[int, list[str], str]:
    """Run the action's script with a stand-in for Python; return its exit code, the arguments given, and its output."""
    (script,) = [step["run"] for step in _steps() if step.get("id") == "check"]
    stand_in, told, output = tmp_path / "python", tmp_path / "arguments", tmp_path / "output"
    stand_in.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        f"pathlib.Path({str(told)!r}).write_text('\\0'.join(sys.argv[1:]))\n"
        f"target = next(a for a in sys.argv if a.startswith('sarif:'))\n"
        f"pathlib.Path(target[6:]).write_text('{{}}') if {code} < 2 else None\nsys.exit({code})\n",
        encoding="utf-8",
    )
    stand_in.chmod(0o755)
    given = {"CHECK_PATHS": "", "CHECK_STUDIES": "", "CHECK_FAIL_ON": "", **inputs}
    env = os.environ | {"PYTHON": str(stand_in), "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(output)} | given
    output.touch()
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=env, check=False, capture_output=True, timeout=PATIENCE)
    return done.returncode, told.read_text().split("\0"), output.read_text()


BASH = pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="needs bash")


@BASH
def test_the_action_says_to_the_program_what_it_was_told(tmp_path: Path) -> None:
    """Left to itself it goes by the settings; inputs become options and paths, one path a line."""
    common = ["-I", "-m", "rheumcalc", "check", "--format", "github", "--format", f"sarif:{tmp_path}/rheumcalc.sarif"]
    assert _run_check(tmp_path)[:2] == (0, [*common, "--"])
    given = {"CHECK_PATHS": "drafts\r\n\n  a b.md\n-x.md\n", "CHECK_STUDIES": "my studies", "CHECK_FAIL_ON": "note"}
    options = ["--studies=my studies", "--fail-on=note", "--"]
    assert _run_check(tmp_path, given)[1] == [*common, *options, "drafts", "  a b.md", "-x.md"]


@BASH
@pytest.mark.parametrize(("code", "uploads"), [(0, True), (1, True), (2, False)])
def test_the_action_keeps_the_exit_code(tmp_path: Path, code: int, *, uploads: bool) -> None:
    """Findings fail the job after the report was announced; a run that wrote none announces none."""
    told = f"sarif={tmp_path}/rheumcalc.sarif\n" if uploads else ""
    assert _run_check(tmp_path, code=code)[::2] == (code, told)


@BASH
@pytest.mark.parametrize("name", ["CHECK_PATHS", "CHECK_STUDIES", "CHECK_FAIL_ON"])
def test_an_input_is_data(tmp_path: Path, name: str) -> None:
    """Whatever an input holds is one argument, and nothing that a shell would run."""
    code, arguments, _ = _run_check(tmp_path, {name: HOSTILE})
    assert code == 0
    (given,) = [each for each in arguments if "pwned" in each]
    assert given.endswith(HOSTILE)
    assert arguments.index("--") < arguments.index(given) or name != "CHECK_PATHS"
    assert not (tmp_path / "pwned").exists()
