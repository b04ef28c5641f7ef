"""Settings: where they are found, what they may say, and what goes before what."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import HEAD
from hostile import SETTINGS
from rheumcalc import load_settings
from rheumcalc.config import MAX_SETTINGS, Settings, SettingsError, Written, combine, read_written, select_rules
from rheumcalc.config.file import SettingsFile
from rheumcalc.engine import check_record
from rheumcalc.numbers.rounding import NEAREST, RoundingMode
from rheumcalc.rules import RULES, Severity
from rheumcalc.source import Source
from steps import LINEAR, growth

EVERYTHING = """\
studies = "records"
drafts = ["drafts", "letters/one.md"]
rounding = "truncate"
select = ["RC2", "unused-ignore"]
ignore = ["RC204"]
fail_on = "warning"
baseline = "known.json"

[severity]
RC201 = "note"
undeclared-rounding = "off"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository's top folder, which is the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _error(folder: Path, text: str, name: str = "rheumcalc.toml") -> str:
    _write(folder / name, text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def _as_project(text: str) -> str:
    """Return settings as a Python project's file has them."""
    return "[project]\nname = 'x'\n\n[tool.rheumcalc]\n" + text.replace("[severity]", "[tool.rheumcalc.severity]")


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"), [("rheumcalc.toml", EVERYTHING), ("pyproject.toml", _as_project(EVERYTHING))]
)
@pytest.mark.parametrize("start", ["\ufeff", ""], ids=["byte-order mark", "plain"])
def test_every_key_is_read(folder: Path, name: str, text: str, start: str) -> None:
    """Both files say the same; a rule that is off does not apply."""
    _write(folder / name, start + text)
    settings = load_settings()
    assert settings == Settings(
        rounding=frozenset({RoundingMode.TRUNCATE}),
        rules=select_rules(["RC2", "RC902"], ["RC204", "RC202"]),
        severities={"RC201": Severity.NOTE},
        fail_on=Severity.WARNING,
        studies="records",
        drafts=("drafts", str(Path("letters", "one.md"))),
        baseline="known.json",
    )


def test_without_a_file_the_settings_are_the_defaults(folder: Path) -> None:
    """Nothing is asked for, so nothing differs."""
    assert (load_settings(), Written()) == (Settings(), read_written())


def test_an_empty_file_changes_nothing(folder: Path) -> None:
    """No key has to be there."""
    _write(folder / "rheumcalc.toml", "")
    assert load_settings() == Settings()


def test_the_example_sets_every_key() -> None:
    """The test of all keys leaves none out, and what is read is what a run can be asked."""
    keys = set(SettingsFile.model_fields)
    assert keys == set(Written._fields)
    assert all(f"\n{key} = " in f"\n{EVERYTHING}" or f"[{key}]" in EVERYTHING for key in keys)


@pytest.mark.parametrize("spelling", ["'nearest'", "['nearest']", "['half_up,half_even', 'half-down']"])
def test_one_may_stand_without_its_list(folder: Path, spelling: str) -> None:
    """A single word is a list of one, and modes are named as the option names them."""
    _write(folder / "rheumcalc.toml", f"rounding = {spelling}")
    assert load_settings().rounding == NEAREST


# --- where it is found -----------------------------------------------------------------------------------------------


def test_the_nearest_file_counts(folder: Path) -> None:
    """The search goes upward and ends with the first file; settings are not merged."""
    _write(folder / "rheumcalc.toml", "fail_on = 'note'\nstudies = 'records'")
    _write(folder / "a" / "rheumcalc.toml", "fail_on = 'warning'")
    (folder / "a" / "b").mkdir()
    assert (load_settings("a/b").fail_on, load_settings("a/b").studies) == (Severity.WARNING, None)
    assert load_settings(".").fail_on is Severity.NOTE


def test_the_own_file_goes_before_the_projects(folder: Path) -> None:
    """In one folder, `rheumcalc.toml` wins; a nearer project file wins over one above."""
    _write(folder / "rheumcalc.toml", "fail_on = 'note'")
    _write(folder / "pyproject.toml", _as_project("fail_on = 'warning'"))
    _write(folder / "a" / "pyproject.toml", _as_project("fail_on = 'never'"))
    assert (load_settings().fail_on, load_settings("a").fail_on) == (Severity.NOTE, None)


@pytest.mark.parametrize(
    "text",
    [
        "[tool.rheumcalc]\nfail_on = 'note'",
        "[ tool . 'rheumcalc' ]\nfail_on = 'note'",
        "[tool]\nrheumcalc.fail_on = 'note'",
        "[tool]\nrheumcalc = {fail_on = 'note'}",
        "tool.rheumcalc.fail_on = 'note'",
        "tool = {rheumcalc = {fail_on = 'note'}}",
        "[tool.rheumcalc.severity]\nRC201 = 'note'\n[tool.rheumcalc]\nfail_on = 'note'",
    ],
)
def test_a_project_file_may_spell_its_table_in_any_way(folder: Path, text: str) -> None:
    """However TOML lets a table be written, it is found."""
    _write(folder / "pyproject.toml", text)
    assert load_settings().fail_on is Severity.NOTE


@pytest.mark.parametrize(
    "text",
    ["[project.scripts]\nrheumcalc = 'x:y'", "[tool.ruff]\nline-length = 9", "[tool]\nother = 1", "tool = [1]", ""],
)
def test_a_project_file_without_settings_is_passed_over(folder: Path, text: str) -> None:
    """The search goes on above it."""
    _write(folder / "rheumcalc.toml", "fail_on = 'note'")
    _write(folder / "a" / "pyproject.toml", text)
    assert load_settings("a").fail_on is Severity.NOTE


def test_the_search_ends_with_the_repository(folder: Path) -> None:
    """What lies above a repository's top folder is somebody else's; the top folder itself is looked at."""
    _write(folder / "rheumcalc.toml", "fail_on = 'note'")
    (folder / "inner" / "deep").mkdir(parents=True)
    _write(folder / "inner" / ".git", "gitdir: elsewhere")
    assert load_settings("inner/deep").fail_on is Severity.ERROR
    _write(folder / "inner" / "rheumcalc.toml", "fail_on = 'warning'")
    assert load_settings("inner/deep").fail_on is Severity.WARNING


def test_paths_are_relative_to_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the program is run, the file means the same folders; `-` is a file of that name."""
    _write(folder / "rheumcalc.toml", f"studies = 'records'\ndrafts = ['drafts', '-', '{(folder / 'x').as_posix()}']")
    (folder / "a").mkdir()
    assert load_settings().drafts == ("drafts", "./-", "x")
    monkeypatch.chdir(folder / "a")
    settings = load_settings()
    assert (settings.studies, settings.drafts[0]) == (str(Path("..", "records")), str(Path("..", "drafts")))


def test_a_file_may_be_named(folder: Path) -> None:
    """A named file counts whatever its name, and nothing else is looked for; a project file must have the table."""
    _write(folder / "rheumcalc.toml", "fail_on = 'note'")
    _write(folder / "ci" / "strict.toml", "fail_on = 'warning'\ndrafts = 'drafts'")
    settings = load_settings(file="ci/strict.toml")
    assert (settings.fail_on, settings.drafts) == (Severity.WARNING, (str(Path("ci", "drafts")),))
    _write(folder / "pyproject.toml", "[project]\nname = 'x'")
    with pytest.raises(SettingsError, match=r"pyproject\.toml: there is no \[tool\.rheumcalc\]"):
        load_settings(file="pyproject.toml")
    with pytest.raises(SettingsError, match=r"gone\.toml: the settings cannot be read: No such file"):
        load_settings(file="gone.toml")


# --- what is wrong with it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nslect = ['RC2']", "2: 'slect' is not a setting; did you mean 'select'?"),
        ("fail-on = 'note'", "1: 'fail-on' is not a setting; did you mean 'fail_on'?"),
        ("zzz = 1", "1: 'zzz' is not a setting; valid: studies, drafts,"),
        ("drafts = 'd'\n[severty]\nRC201 = 'note'", "2: 'severty' is not a setting; did you mean 'severity'?"),
        ("[tool.rheumcalc]\nselect = 'RC2'", "1: 'tool' is not a setting: in a file of their own"),
        ("[rheumcalc]\nselect = 'RC2'", "1: 'rheumcalc' is not a setting: in a file of their own"),
        ("studies = 5", "1: 'studies' must be text, in quotes"),
        ("studies = ''", "1: 'studies' must not be empty"),
        ("drafts = ['']", "1: 'drafts' must not be empty"),
        ("drafts = 5", "1: 'drafts' must be a text, or a list of texts"),
        ("drafts = [\n'd',\n5]", "1: 'drafts' must be a text, or a list of texts"),
        ("rounding = true", "1: 'rounding' must be a text, or a list of texts"),
        ("rounding = 'halfup'", "1: 'halfup' is not a rounding mode; valid: nearest, half_up"),
        ("fail_on = 'eror'", "1: 'eror' is not a value of 'fail_on'; did you mean 'error'?"),
        ("fail_on = 1", "1: this is not a value of 'fail_on'; valid: error, warning, note, never"),
        ("select = ['RC2']\nignore = [\n'RC20X']", "2: 'RC20X' is not a rule"),
        ("ignore = 'RC001'", "1: RC001 is about the file itself and cannot be ignored"),
        (
            "select = 'percentage-mismatsh'",
            "1: 'percentage-mismatsh' is not a rule; did you mean 'percentage-mismatch'?",
        ),
        ("severity = 'note'", "1: 'severity' must be a table"),
        ("[severity]\n\nRC201 = 'eror'", "3: 'eror' is not a value of 'RC201'; did you mean 'error'?"),
        ("[severity]\nRC201 = 3", "2: this is not a value of 'RC201'; valid: error, warning, note, off"),
        ("severity = {RC201 = 'of'}", "1: 'of' is not a value of 'RC201'; did you mean 'off'?"),
        ("severity.RC201 = 'of'", "1: 'of' is not a value of 'RC201'; did you mean 'off'?"),
        ("[severity]\npercentage-mismatsh = 'off'", "2: 'percentage-mismatsh' is not a rule; did you mean"),
        ("[severity]\nRC2 = 'off'", "2: 'RC2' matches several rules; name one"),
        ("[severity]\nRC001 = 'off'", "2: RC001 is about the file itself, and its severity cannot be changed"),
        ("[severity]\nRC201='off'\npercentage-mismatch = 'off'", "3: RC201 has a severity already"),
        ("studies = 'a'\nstudies = 'b'", "2: this is not TOML: Cannot overwrite a value"),
        ("a = 1\nx = [1,", "2: this is not TOML: "),
        ("[[[", "1: this is not TOML: "),
    ],
)
@pytest.mark.parametrize("in_project", [False, True], ids=["own file", "project file"])
def test_a_mistake_has_its_file_and_line(folder: Path, text: str, told: str, *, in_project: bool) -> None:
    """Every mistake is told in words, with its line, and with what was probably meant."""
    if not in_project:
        assert _error(folder, text).startswith(f"rheumcalc.toml:{told}")
    elif not told.endswith("in a file of their own"):
        head, lines = "[tool.rheumcalc]\n", text.replace("[sever", "[tool.rheumcalc.sever")
        line, _, words = told.partition(":")
        placed = f"{int(line) + 1}:{words}" if line.isdigit() else told
        assert _error(folder, head + lines, "pyproject.toml").startswith(f"pyproject.toml:{placed}")


_HOSTILE = {
    "lists": "rheumcalc.toml",
    "tables": "rheumcalc.toml",
    "dots": "toml:1: a key has more than 50 parts",
    "quoted dots": "toml:1: a key has more than 50 parts",
    "escapes": "not TOML",
    "letters": "not TOML",
    "many dots": "is not a setting",
    "keys": "is not a setting",
    "rules": "is not a rule",
    "heads": "toml:2: a key has more than 50 parts",
}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"studies = '\xff'", "not UTF-8"),
        ("studies = 'x'".encode("utf-16"), "not UTF-8"),
        (b"#" * (MAX_SETTINGS + 1), "larger than 500 kB"),
        (b"\0", "not TOML"),
        *((SETTINGS[kind].whole, words) for kind, words in _HOSTILE.items()),
    ],
    ids=["bytes", "UTF-16", "size", "NUL", *_HOSTILE],
)
def test_a_hostile_file_is_refused_in_words(folder: Path, data: bytes, words: str) -> None:
    """Whatever a settings file holds, it is refused with its name."""
    (folder / "rheumcalc.toml").write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (words in str(caught.value), len(str(caught.value)) < 400) == (True, True)


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_hostile_file_is_refused_in_linear_time(folder: Path, kind: str) -> None:
    """A file that is twice as long takes twice the steps."""

    def refused(data: bytes) -> None:
        (folder / "rheumcalc.toml").write_bytes(data)
        with pytest.raises(SettingsError):
            load_settings()

    make, size = SETTINGS[kind]
    assert growth(refused, make, size // 50) < LINEAR


def test_a_project_file_that_is_broken_elsewhere_is_told(folder: Path) -> None:
    """Settings that cannot be read are not passed over in silence; a broken file without any is none of ours."""
    assert "pyproject.toml:3: this is not TOML" in _error(
        folder, "[tool.rheumcalc]\nfail_on = 'note'\n]", "pyproject.toml"
    )
    _write(folder / "pyproject.toml", "[project\nname = 3 3")
    assert load_settings() == Settings()


# --- what goes before what -------------------------------------------------------------------------------------------


def _rules(written: Written, **options: list[str]) -> frozenset[str]:
    return combine(written, **options).rules  # type: ignore[arg-type]


def test_options_go_before_the_file() -> None:
    """Each option takes the place of the key of its name."""
    written = Written(rounding=("truncate",), ignore=("RC201",), fail_on="note")
    settings = combine(written, rounding=["nearest"], ignore=["RC202"], fail_on="never")
    assert (settings.rounding, settings.fail_on) == (NEAREST, None)
    assert ("RC201" in settings.rules, "RC202" in settings.rules) == (True, False)
    kept = combine(written)
    assert (kept.rounding, kept.fail_on) == (frozenset({RoundingMode.TRUNCATE}), Severity.NOTE)
    assert ("RC201" in kept.rules, "RC202" in kept.rules) == (False, True)


def test_select_puts_the_files_selection_aside() -> None:
    """A rule that is selected by option applies, whatever the file leaves out; severities stay."""
    written = Written(select=("RC3",), ignore=("RC201",), severity={"RC202": None, "RC204": Severity.NOTE})
    assert _rules(written, select=["RC2"]) == select_rules(["RC2"])
    assert combine(written, select=["RC2"]).severities == {"RC204": Severity.NOTE}


def test_a_rule_with_a_severity_applies() -> None:
    """A severity turns on a rule that is off by default, unless the file selects others or an ignore names it."""
    (off, *_) = [each.code for each in RULES if not each.default]
    given = {off: Severity.NOTE}
    assert off in _rules(Written(severity=given))
    assert off not in _rules(Written(severity=given, select=("RC3",)))
    assert off not in _rules(Written(severity=given, ignore=(off,)))
    assert off not in _rules(Written(severity=given), ignore=[off])
    assert off not in _rules(Written())


# --- what it does ----------------------------------------------------------------------------------------------------


def test_a_severity_changes_what_a_finding_counts_for_and_no_verdict() -> None:
    """The finding has the severity of the settings; the claim is as inconsistent as before."""
    record = HEAD + "outcomes:\n  - label: Response\n    reported: 5/18 (33%)\n"
    plain = check_record(Source("record.yaml", record), Settings())
    changed = check_record(Source("record.yaml", record), combine(Written(severity={"RC201": Severity.NOTE})))
    assert [(f.severity, f.rule.severity) for f in plain.findings] == [(Severity.ERROR, Severity.ERROR)]
    assert [(f.severity, f.rule.severity) for f in changed.findings] == [(Severity.NOTE, Severity.ERROR)]
    assert [j.verdict for j in plain.judgements] == [j.verdict for j in changed.judgements]
