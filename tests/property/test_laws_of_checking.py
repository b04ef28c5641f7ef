"""Laws of checking, each quoted in its test's docstring."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import HEAD, check_text
from property.strategies import Honest, all_modes, any_records, honest_records
from rheumcalc.numbers.rounding import RoundingMode
from rheumcalc.record.load import load_record_source
from rheumcalc.result import FileReport
from rheumcalc.rules import Severity
from rheumcalc.source import Source
from rheumcalc.study.claims import ProportionClaim, Verdict


def _told(report: FileReport) -> list[tuple[str, str, str]]:
    return [(f.rule.code, f.location.describe(), f.message) for f in report.findings]


def _counted(report: FileReport) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    (study,) = report.studies
    return (
        Counter((finding.rule.code, finding.rule.severity.value) for finding in report.findings),
        Counter(judgement.verdict.value for judgement in study.judgements),
    )


@given(honest_records())
def test_what_an_honest_author_prints_is_never_a_finding(honest: Honest) -> None:
    """Whatever an honest author prints from a count and a denominator under an allowed mode is never a finding."""
    report = check_text(honest.text())
    (study,) = report.studies
    assert _told(report) == []
    assert {Verdict.CONSISTENT, Verdict.CANNOT_CHECK} >= {j.verdict for j in study.judgements}


@given(honest_records(all_modes))
def test_a_declared_mode_is_an_allowed_mode(honest: Honest) -> None:
    """An author who declares a mode and follows it gives no finding, truncation and ceiling included."""
    assert _told(check_text(f"rounding: {honest.mode}\n" + honest.text())) == []


@given(honest_records(st.just(RoundingMode.TRUNCATE)))
def test_truncation_is_never_an_error(honest: Honest) -> None:
    """An author who truncates and does not say so is warned at most."""
    assert [f.message for f in check_text(honest.text()).findings if f.rule.severity is Severity.ERROR] == []


@given(honest_records())
def test_a_size_left_out_is_never_held_against_the_author(honest: Honest) -> None:
    """Where the sizes are left out, the honest results imply them: notes at most."""
    lines = honest.text().split("\n")
    start = lines.index("outcomes:")
    bare = "populations:\n  all: {}\n  done: {}\narms:\n  A: {}\n  B: {}\n" + "\n".join(lines[start:])
    assert [f.message for f in check_text(bare).findings if f.rule.severity is not Severity.NOTE] == []


@settings(max_examples=300)
@given(any_records(), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_never_matters(given_record: Honest, chosen: object) -> None:
    """The order of input never matters: the same rules, severities and verdicts, however outcomes are ordered."""
    order = list(range(len(given_record.outcomes)))
    chosen.shuffle(order)  # type: ignore[attr-defined]
    expected, actual = (_counted(check_text(given_record.text(each))) for each in (None, tuple(order)))
    assert expected == actual


@given(honest_records(all_modes), st.sampled_from(["", "'", '"']), st.sampled_from(["\n", "\r\n"]))
def test_every_span_cut_from_its_file_gives_the_printed_token(honest: Honest, quote: str, newline: str) -> None:
    """Every span, cut from its text, gives the printed token, in plain and quoted scalars, whatever the line ends."""
    text = (HEAD + honest.text().replace('"', quote)).replace("\n", newline)
    source = Source("record.yaml", text)
    report = check_text(honest.text().replace('"', quote).replace("\n", newline), head=HEAD.replace("\n", newline))
    (study,) = report.studies
    for claim in study.claims.claims:
        if isinstance(claim, ProportionClaim):
            assert claim.location.span is not None
            assert claim.text == source.cut(claim.location.span)
            for printed in (claim.count, claim.denominator, claim.percent):
                if printed is not None:
                    assert printed.span is not None
                    assert printed.text == source.cut(printed.span)
    for group in study.claims.groups.values():
        if group.n is not None and group.n.span is not None:
            assert group.n.text == source.cut(group.n.span)


_SEED = HEAD + (
    "populations:\n  all: 88\n  sub: {n: 20, of: all}\narms:\n  A: {n: 44, of: all}\nallocation:\n- {of: all, into: [A]}\n"  # noqa: E501
    "flow:\n- {from: all, to: sub, lost: {x: 68}}\ndefinitions:\n  d: {duration: more than 6 months}\n"
    "outcomes:\n- label: R\n  population: all\n  definition: d\n  series: {6 months: 16 (18.2%), week 52: 5/20 (25%)}\n"
    "- {label: S, arm: A, categories: {yes: 10 (22.7%), no: 34}}\nladders:\n- {label: l, levels: [r, s]}\n"
)
_PIECES = ["[", "]", "{", "}", ":", ": ", "- ", "\n", "\t", "'", '"', "&a ", "*a", "!!", "%", "|", ">", "? ", "#", "\\", "\r",  # noqa: E501
           "0", "-1", "é", "😀", "\u202e", "9" * 30, "null", "<<", "[key]", "''", ".", "of", "n"]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, len(_SEED)), st.integers(0, 25), st.sampled_from(_PIECES)), max_size=4))
def test_no_mutation_of_a_record_breaks_the_program(edits: list[tuple[int, int, str]]) -> None:
    """A record spoiled in any way is checked or refused with places; no exception escapes."""
    text = _SEED
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    source = Source("x.yaml", text)
    loaded = load_record_source(source)
    assert (loaded.study is None) == bool(loaded.defects)
    report = check_text(text, head="")
    for finding in report.findings:
        assert finding.message
        assert finding.location.span is None or finding.location.span.start <= finding.location.span.end <= len(text)
