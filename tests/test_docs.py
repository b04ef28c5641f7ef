"""The documentation says what the program does: generated from it, or compared with it."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import rheumcalc
from conftest import RunCli
from rheumcalc import corpus
from rheumcalc.config import MAX_SETTINGS, load_settings
from rheumcalc.config.file import SettingsFile
from rheumcalc.documents import archive, markup, pdf, writer
from rheumcalc.documents.document import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from rheumcalc.documents.markers import MAX_MARKER
from rheumcalc.engine import check, check_bytes, check_record
from rheumcalc.files import reading
from rheumcalc.numbers import printed
from rheumcalc.prose.constructions import CONSTRUCTIONS
from rheumcalc.prose.proportions import Nature
from rheumcalc.prose.reported import MAX_LENGTH
from rheumcalc.prose.text import read_text
from rheumcalc.record import load, model, yamltree
from rheumcalc.report import skeleton
from rheumcalc.report.html import build, plan
from rheumcalc.report.json_ import SCHEMA_VERSION, render_claims, render_report, render_rules, render_solution
from rheumcalc.result import Report
from rheumcalc.rules import RULES
from rheumcalc.sheets import limits
from rheumcalc.sheets.headers import NAMES
from rheumcalc.solve import solve_denominators
from rheumcalc.source import Source
from rheumcalc.study.denominators import ResolvedBy
from rheumcalc.summary import drafts, json_, rows, summarise
from rheumcalc.summary.forest import content
from rheumcalc.summary.records import FIELDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS / "_ext"))

if TYPE_CHECKING:
    from docs._ext import examples, generate, pictures
else:
    import examples
    import generate

    import pictures

PAGES = [path.name for path in examples.hand_written_pages()]


def page(name: str) -> str:
    """Return the text of a hand-written page."""
    return (DOCS / name).read_text(encoding="utf-8")


# --- the commands ----------------------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, Any]:
    """Return the program's commands, and the program itself under its own name."""
    import typer

    from rheumcalc.cli import app

    group: Any = typer.main.get_command(app)
    return {"rheumcalc": group} | {f"rheumcalc {name}": command for name, command in group.commands.items()}


@pytest.mark.parametrize("name", commands())
def test_command_is_documented(name: str) -> None:
    """Every command, argument and option has help, and the generated reference gives it."""
    command = commands()[name]
    _, _, section = generate.command_reference().partition(f"## `{name}`\n")
    section = section.partition("\n## ")[0]
    assert command.help
    assert command.help.splitlines()[0] in section
    for param in command.params:
        assert param.help, param.name
        assert param.help in section
        for option in param.opts if param.param_type_name == "option" else ():
            assert re.search(rf"`{re.escape(option)}[ `]", section), option


def test_site_shows_the_generated_pages() -> None:
    """Each generated reference is included by the page that introduces it."""
    for name in ("cli.md", "record.md", "rules.md", "api.md"):
        assert f"{{include}} _generated/{name}" in page(name)
    assert "{include} _generated/forms.md" in page("drafts.md")


# --- the record ------------------------------------------------------------------------------------------------------


def test_every_key_of_a_record_is_described() -> None:
    """No key of the model lacks a description: the reference and the editors' schema are made of them."""
    assert generate.undescribed() == []


def test_record_reference_has_every_key() -> None:
    """Every part of the model has a section, with a row for each of its keys."""
    reference = generate.record_reference()
    for part in generate.parts():
        _, _, section = reference.partition(f"## {generate.heading(part)}\n")
        section = section.partition("\n## ")[0]
        for name, field in part.model_fields.items():
            assert f"| `{field.alias or name}` |" in section, f"{part.__name__}.{name}"


def test_record_reference_tells_the_shorthands() -> None:
    """What may be written shorter is found in the model and said."""
    assert generate.shorthand_key(model.Population) == "n"
    assert generate.shorthand_key(model.Cell) == "reported"
    assert generate.shorthand_key(model.Outcome) is None
    assert generate.takes_one_or_many(model.FlowStep, "to")
    assert generate.takes_one_or_many(model.Outcome, "subset_of")
    assert not generate.takes_one_or_many(model.FlowStep, "lost")


# --- settings --------------------------------------------------------------------------------------------------------


def test_every_setting_is_described() -> None:
    """The page of settings has a row for each key, in the words of the model."""
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page("settings.md"), flags=re.MULTILINE))
    assert rows == {name: field.description for name, field in SettingsFile.model_fields.items()}


def test_the_example_of_settings_is_read(tmp_path: Path) -> None:
    """What the page shows can be copied, and shows every key."""
    own, project = re.findall(r"^```toml\n(.*?)^```$", page("settings.md"), flags=re.MULTILINE | re.DOTALL)
    for name, text in (("rheumcalc.toml", own), ("pyproject.toml", project)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert load_settings(file=str(tmp_path / name)) != rheumcalc.Settings()
    assert [key for key in SettingsFile.model_fields if not re.search(rf"^\[?{key}\b", own, flags=re.MULTILINE)] == []


# --- rules and names -------------------------------------------------------------------------------------------------


def test_rule_index_has_every_rule() -> None:
    """Every rule belongs to a family, and the index links its page."""
    index = generate.rule_index()
    for rule in RULES:
        assert f"[{rule.code} {rule.name}](_generated/{generate.page_name(rule)})" in index


def test_api_reference_has_every_public_name() -> None:
    """Every public name is on the page of the Python API, with a docstring of its own or words of the page."""
    reference = generate.api_reference()
    for name in rheumcalc.__all__:
        assert re.search(rf":: rheumcalc\.{name}\n", reference), name
        assert name in generate.VALUES or getattr(rheumcalc, name).__doc__, name


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_constructions_are_those_of_the_reader() -> None:
    """Every construction has a row with its first example, and every place is told in words."""
    rows = re.findall(r"^\| ([a-z-]+) \| `([^|]+)` \| ([a-z ]+) \|$", generate.form_reference(), flags=re.MULTILINE)
    assert [(each.name, each.reads[0], generate.PLACES[each.where]) for each in CONSTRUCTIONS] == rows


def test_every_resolution_is_described() -> None:
    """The page on drafts has a row for each way in which a denominator is known, and the contract names it."""
    words = [word.value for word in ResolvedBy]
    assert words == re.findall(r"^\| `(\w+)` \| ", page("drafts.md"), flags=re.MULTILINE)
    for name in ("json.md", "glossary.md"):
        assert [word for word in words if f"`{word}`" not in page(name)] == []


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_headers_are_those_of_the_code() -> None:
    """The page on sheets has a row for each field, with every header that is known."""
    rows = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", page("sheets.md"), flags=re.MULTILINE)
    assert {field: tuple(re.findall(r"`([^`]+)`", names)) for field, names in rows} == NAMES


# --- pictures --------------------------------------------------------------------------------------------------------


def test_every_picture_has_a_maker_and_a_page() -> None:
    """A page shows no picture that is not there; each is made by the script, and shown with words for it."""
    picture = re.compile(r"!\[([^\]]*)\]\(pictures/([\w-]+)\.png\)")
    shown = [match for name in PAGES for match in picture.findall(page(name))]
    assert sorted({name for _, name in shown}) == sorted(pictures.MAKERS)
    assert sorted(path.stem for path in pictures.PICTURES.glob("*.png")) == sorted(pictures.MAKERS)
    assert all(len(words.split()) > 2 for words, _ in shown)


# --- examples --------------------------------------------------------------------------------------------------------

RECORDS = [
    pytest.param(record, id=f"{name}-{number}")
    for name in PAGES
    for number, record in enumerate(examples.records(page(name)))
]


@pytest.mark.parametrize("record", RECORDS)
def test_record_in_page_has_the_status_said(record: examples.Record) -> None:
    """A reader who copies a record from a page gets what the page says."""
    assert check_record(Source(record.name, record.text), rheumcalc.Settings()).status.value == record.status


def test_tutorial_has_records() -> None:
    """The test above sees the tutorial's records, sound and defective ones."""
    assert {record.status for record in examples.records(page("tutorial.md"))} == {"ok", "invalid"}


@pytest.mark.parametrize("name", PAGES)
def test_output_in_page_is_real(cli: RunCli, name: str) -> None:
    """The output that a page shows is what its commands print; `python docs/_ext/examples.py` renews it."""

    def run(arguments: list[str], folder: str, environment: dict[str, str]) -> tuple[int, str, str]:
        done = cli(*arguments, cwd=Path(folder), env=environment)
        return done.code, done.out, done.err

    assert page(name) == examples.with_real_output(page(name), run)


def test_limits_are_those_of_the_code() -> None:
    """The numbers on the page of limits are the constants of the code."""
    table = page("limits.md")
    told = {
        f"| Size of a record or of a draft in text | {reading.MAX_BYTES // 1_000_000} MB |",
        f"| Size of a `.docx` or `.pdf` | {reading.limit_of('a.pdf') // 1_000_000} MB |",
        f"| Size of an `.html` or `.xml` | {reading.limit_of('a.html') // 1_000_000} MB |",
        f"| Text of a document | {writer.MAX_CHARACTERS:,} characters |",
        (
            f"| Tags of an `.html`, an `.xml`, or the parts of a `.docx` | {markup.MAX_TAGS:,}, nested "
            f"{markup.MAX_DEPTH} deep |"
        ),
        (
            f"| Parts of a `.docx` | {archive.MAX_ENTRIES:,}; unpacked {archive.MAX_UNPACKED // 1_000_000} MB, "
            f"{archive.MAX_XML // 1_000_000} MB of it XML |"
        ),
        f"| Table in a draft | {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, {MAX_CELLS:,} cells; the rest is named |",
        f"| Pages of a PDF | {pdf.MAX_PAGES:,} |",
        f"| Time to read a PDF | {pdf.TIME_LIMIT} seconds |",
        f"| Depth of nesting | {yamltree.MAX_DEPTH} levels |",
        f"| Values in a record | {yamltree.MAX_NODES:,} |",
        f"| Digits of a number | {printed.MAX_DIGITS} |",
        f"| Length of a marker in a draft | {MAX_MARKER:,} characters |",
        f"| Denominator of which an interval is worked out | {rows.MAX_DENOMINATOR:,} |",
        f"| Summary tables in a draft | {drafts.MAX_TABLES} |",
        f"| Results and findings of a page of HTML | {plan.MAX_CLAIMS:,} and {plan.MAX_FINDINGS:,}; the rest are counted, and in JSON |",  # noqa: E501
        f"| Forest plots of a page of HTML | {build.MAX_FIGURES} |",
        f"| Results in a forest plot | {content.MOST_RESULTS} |",
        f"| Size of a settings file | {MAX_SETTINGS // 1000} kB |",
        f"| Length of a reported result | {MAX_LENGTH} characters |",
        f"| Size of a sheet | {reading.LIMITS['.csv'] // 1_000_000} MB |",
        f"| Rows of a worksheet | {limits.MAX_ROWS:,} |",
        f"| Columns of a header | {limits.MAX_COLUMNS} |",
        f"| Results of a sheet | {limits.MAX_RESULTS:,} |",
        f"| Cells of a workbook | {limits.MAX_CELLS:,} |",
        f"| Size of a workbook when unpacked | {limits.MAX_UNPACKED // 1_000_000} MB |",
        f"| Results of a record made by `claims` | {skeleton.MAX_RESULTS:,}; the rest are counted on standard error |",
        f"| Line of a corpus | {corpus.MAX_LINE // 1_000_000} MB |",
        f"| Text of a document in a corpus | {corpus.MAX_TEXT:,} characters |",
        f"| Populations within populations | {load.MAX_POPULATION_DEPTH} |",
        f"| Defects listed for one file | {load.MAX_DEFECTS}; the rest are counted |",
    }
    assert {row for row in told if row not in table} == set()


# --- the JSON contract -----------------------------------------------------------------------------------------------

Shape = dict[str, tuple[str, str]]


@cache
def shapes() -> dict[str, Shape]:
    """Return the tables of keys in the JSON contract by their headings: each key's type, and when it is null."""
    tables: dict[str, Shape] = {}
    for section in re.split(r"^#+ ", page("json.md"), flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", body, flags=re.MULTILINE)
        if rows:
            tables[heading] = {key: (kind, null) for key, kind, null in rows}
    return tables


_TYPES = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "list": list,
    "set": list,
    "object": dict,
    "null": type(None),
}


def assert_shape(thing: dict[str, Any], *headings: str, without: tuple[str, ...] = ()) -> None:
    """Assert that an object has the keys of these tables, no more and no fewer, of the types and nulls they say."""
    told = {key: row for heading in headings for key, row in shapes()[heading].items() if key not in without}
    assert sorted(told) == sorted(thing)
    for key, (kind, null) in told.items():
        if thing[key] is None:
            assert null != "never", key
        else:
            assert kind == "any" or type(thing[key]) is _TYPES.get(kind.split()[0], dict), key


@cache
def report() -> Report:
    """Return the report on the project's own records."""
    return check(ROOT / "data" / "studies")


def document(*, with_claims: bool = True) -> dict[str, Any]:
    """Return the JSON of that report."""
    parsed: dict[str, Any] = json.loads(render_report(report(), with_claims=with_claims))
    return parsed


@cache
def held_against_records() -> dict[str, Any]:
    """Return the JSON of a report on the project's own draft, held against its records."""
    settings = rheumcalc.Settings(studies=str(ROOT / "data" / "studies"))
    parsed: dict[str, Any] = json.loads(
        render_report(check(ROOT / "data" / "drafts", settings=settings), with_claims=True)
    )
    return parsed


def test_json_bindings() -> None:
    """Claims and findings of a draft that is held against records have the keys of the contract."""
    whole = held_against_records()
    assert_shape(whole["summary"], "The summary")
    bindings = [each["binding"] for each in (*whole["claims"], *whole["findings"])]
    assert {"verified", "unverified"} <= {binding["status"] for binding in bindings if binding}
    for binding in bindings:
        assert_shape(binding, "A binding")


def test_json_report() -> None:
    """The report's own keys are those of the contract."""
    whole = document()
    assert_shape(whole, "The report")
    assert_shape(document(with_claims=False), "The report", without=("claims",))
    assert_shape(whole["summary"], "The summary")
    counters = re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|$", page("json.md"), flags=re.MULTILINE)
    assert {name: keys.replace("`", "").split(", ") for name, keys in counters} == {
        name: list(counts) for name, counts in held_against_records()["summary"].items()
    }
    for file in whole["files"]:
        assert_shape(file, "A file")


def test_json_not_read() -> None:
    """What is not read has the keys of the contract, and in the line of a draft offsets for its place."""
    file = check_bytes(b"At week 4 45% (see above). It fell by 20%.", "draft.md", rheumcalc.Settings())
    whole = json.loads(render_report(Report((file,))))
    assert_shape(whole["files"][0], "A file")
    listed = whole["files"][0]["not_read"]
    for each in listed:
        assert_shape(each, "What is not read")
    line = json.loads(render_claims(file))
    assert_shape(line, "The claims", without=("error",))
    assert [set(each) for each in line["not_read"]] == [{"text", "start", "end", "reason"}] * 2
    assert len(listed) == 2


def test_every_reason_for_no_claim_is_told() -> None:
    """The page of drafts has each reason for which a percentage is excluded, with examples that are."""
    told = re.findall(r"^\| ([^|`]+) \| (`[^|]+`) \|$", page("drafts.md"), flags=re.MULTILINE)
    reasons = {nature.value for nature in Nature} - {Nature.SHARE.value}
    assert reasons <= {reason for reason, _ in told}
    for reason, examples_of_it in told:
        for example in re.findall("`([^`]+)`", examples_of_it):
            found = [nature.value if nature else None for _, nature in read_text(example).others]
            assert reason in found or reason not in reasons, example


def test_json_findings() -> None:
    """Every finding on the project's records, and every defect of a file, has the keys of the contract."""
    defective = check_record(Source("record.yaml", "id: [x\n"), rheumcalc.Settings())
    unreadable = check(ROOT / "data" / "absent.yaml").files[0]
    more = json.loads(render_report(Report((defective, unreadable))))
    findings = [*document()["findings"], *more["findings"]]
    assert any(finding["related"] for finding in findings)
    for finding in findings:
        assert_shape(finding, "A finding")
        for related in finding["related"]:
            assert_shape(related, "A related place")
    for file in more["files"]:
        assert_shape(file, "A file")


_EVERY_KIND = """
id: kinds
citation:
  title: A study with every kind of claim
populations: {all: 40, left: 38}
arms: {drug: {n: 20, of: all}, placebo: {n: 20, of: all}}
allocation:
  - {of: all, into: [drug, placebo]}
flow:
  - {from: all, lost: {withdrew: 2}, to: left}
outcomes:
  - {label: One, population: all, reported: 10 (25%)}
  - {label: Two, population: all, reported: 10/40}
  - {label: Three, population: all, reported: 10}
  - {label: Four, population: all, mean: {mean: 1.5}, median: {median: 1}, rate: {rate: 2, per: 100 patient-years}}
  - {label: Five, population: all, effects: [{measure: risk_ratio, estimate: 1.2}]}
"""


def test_json_summary() -> None:
    """The summary table and its rows have the keys of the contract, and CSV has the same fields."""
    table = summarise(ROOT / "data" / "studies")
    whole = json.loads(json_.render_table(table))
    assert_shape(whole, "The summary table")
    for row in whole["rows"]:
        assert_shape(row, "A row")
    assert [*FIELDS, "limits"] == list(shapes()["A row"])


def test_json_claims() -> None:
    """Claims have the keys of the contract, judged and unjudged, and every kind is named there."""
    extra = check_record(Source("record.yaml", _EVERY_KIND), rheumcalc.Settings())
    judged = document()["claims"] + json.loads(render_report(Report((extra,)), with_claims=True))["claims"]
    kinds = set()
    for claim in judged:
        kinds.add(claim["kind"])
        numbers = ["The numbers of a claim"] if claim["kind"] in ("proportion", "fraction", "count") else []
        assert_shape(claim, "A claim", *numbers, "A judged claim")
        assert_shape(claim["subject"], "A subject")
    for file in (*report().files, extra):
        line = json.loads(render_claims(file))
        assert_shape(line, "The claims", without=("error",))
        for claim in line["claims"]:
            numbers = ["The numbers of a claim"] if "count" in claim else []
            assert_shape(claim, "A claim", *numbers)
        for size in line["sample_sizes"]:
            assert_shape(size, "A sample size")
    told = re.search(r"^\| `kind` \| string \| never \| (`proportion`.*) \|$", page("json.md"), flags=re.MULTILINE)
    assert told
    assert set(re.findall(r"`(\w+)`", told[1])) == kinds


def test_json_claims_of_a_defective_file() -> None:
    """A file that cannot be used has a line too."""
    line = json.loads(render_claims(check_record(Source("record.yaml", ""), rheumcalc.Settings())))
    assert_shape(line, "The claims", without=("sample_sizes", "not_read"))


def test_json_solution() -> None:
    """The calculator's answer has the keys of the contract."""
    answer = json.loads(render_solution(solve_denominators(["16 (18.2%)", "66.7% of 25", "5 (6%)", "2/3 66.6%"])))
    assert_shape(answer, "The calculator")
    assert_shape(answer["joint"], "The joint answer")
    for claim in answer["claims"]:
        assert_shape(claim, "An answer")


def test_json_rules() -> None:
    """The list of rules, and a single rule with its page, have the keys of the contract."""
    listed = json.loads(render_rules(RULES, with_pages=False))
    assert_shape(listed, "The rules")
    for rule in listed["rules"]:
        assert_shape(rule, "A rule", without=("page",))
    (single,) = json.loads(render_rules(RULES[:1], with_pages=True))["rules"]
    assert_shape(single, "A rule")


_CORPUS = (
    '{"id": "a", "text": "We included 83 children. Remission came in 16 (18.2%), 42 (47.7%) and 37 (42.0%)."}',
    '{"id": "b", "text": "A rash was seen in 13 of the 14 girls, and nearly 50% had fever."}',
)


def test_json_scan() -> None:
    """The answer to a document, its claims, sample sizes and findings have the keys of the contract."""
    kinds = set()
    for number, document in enumerate(_CORPUS, 1):
        line = json.loads(corpus.answer(document.encode(), number).text)
        assert_shape(line, "A scanned document", without=("line", "error"))
        for claim in line["claims"]:
            kinds.add(claim["kind"])
            assert_shape(claim, "A scanned claim")
        for size in line["sample_sizes"]:
            assert_shape(size, "A scanned sample size")
        for finding in line["findings"]:
            assert_shape(finding, "A scanned finding")
    told = re.search(
        r"^\| `kind` \| string \| never \| (`proportion`: .*; `fraction`: [^;]*)\. \|$", page("json.md"), re.MULTILINE
    )
    assert told
    assert set(re.findall(r"`(\w+)`:", told[1])) == kinds


@pytest.mark.parametrize("line", [b"no JSON", b'{"id": "a"}', None])
def test_json_scan_of_a_line_that_cannot_be_read(line: bytes | None) -> None:
    """A line that fails is answered with the keys of the contract."""
    told = json.loads(corpus.answer(line, 3).text)
    assert_shape(told, "A scanned document", without=("sample_sizes", "findings"))


def test_json_version() -> None:
    """The version of the shapes is two numbers, as the contract says."""
    assert re.fullmatch(r"\d+\.\d+", SCHEMA_VERSION)


# --- the files about the project -------------------------------------------------------------------------------------


def test_citation_and_changelog_know_the_version() -> None:
    """The citation file and the changelog name the version of the package."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == rheumcalc.__version__
    assert citation["authors"] == [{"name": "The rheumcalc authors"}]
    assert rheumcalc.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
