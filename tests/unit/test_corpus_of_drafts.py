"""Short drafts written to be tricky: honest ones, in which nothing may be called an error, and ones with a slip."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rheumcalc.binding import Library
from rheumcalc.config import Settings
from rheumcalc.engine import check_bytes, read_library
from rheumcalc.result import FileReport
from rheumcalc.rules import Severity

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "tests" / "corpus"


def _texts(name: str) -> list[Any]:
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(each, id=each["id"]) for each in map(json.loads, lines)]


@cache
def _library() -> Library:
    library, unread = read_library(str(ROOT / "data" / "studies"))
    assert unread == []
    return library


def _report(draft: dict[str, Any]) -> FileReport:
    library = _library() if draft["records"] else None
    return check_bytes(draft["text"].encode(), "draft.md", Settings(), library)


@pytest.mark.parametrize("draft", _texts("honest.jsonl"))
def test_an_honest_draft_has_no_error(draft: dict[str, Any]) -> None:
    """Every number of these is true under some honest reading: a false alarm costs more than a miss."""
    findings = [f"{each.rule.code} {each.message}" for each in _report(draft).findings]
    errors = [each for each in _report(draft).findings if each.severity is Severity.ERROR]
    assert errors == [], findings


@pytest.mark.parametrize("draft", [slip for slip in _texts("slips.jsonl") if slip.values[0]["found"]])
def test_a_slip_is_found_as_before(draft: dict[str, Any]) -> None:
    """What was found is still found; slips with an empty list are known to be missed."""
    found = {each.rule.code for each in _report(draft).findings if each.severity is not Severity.NOTE}
    assert set(draft["found"]) <= found


def test_how_many_slips_are_found() -> None:
    """The share of slips found is a floor that only rises."""
    drafts = [param.values[0] for param in _texts("slips.jsonl")]
    found = sum(bool(draft["found"]) for draft in drafts if isinstance(draft, dict))
    assert found >= 39


#: How many slips of the kinds are found, and how many of them as errors.
_FOUND_OF_KINDS, _ERRORS_OF_KINDS = 122, 116
_STRENGTH = {None: 0, "warning": 1, "error": 2}


@pytest.mark.parametrize("draft", [each for each in _texts("kinds.jsonl") if each.values[0]["expect"] == "silent"])
def test_a_true_sentence_of_each_kind_is_left_alone(draft: dict[str, Any]) -> None:
    """No error and no warning for numbers that are true, in all the kinds that were once misread."""
    findings = check_bytes(draft["text"].encode(), "draft.md", Settings()).findings
    assert [each.message for each in findings if each.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("draft", [each for each in _texts("kinds.jsonl") if each.values[0].get("found")])
def test_a_slip_of_each_kind_is_found_as_before(draft: dict[str, Any]) -> None:
    """What was found is still found, and as severely: silence is not bought by blindness."""
    findings = check_bytes(draft["text"].encode(), "draft.md", Settings()).findings
    found = max((_STRENGTH.get(each.severity.value, 0) for each in findings), default=0)
    assert found >= _STRENGTH[draft["found"]]


def test_how_many_slips_of_the_kinds_are_found() -> None:
    """The share of slips found is a floor that only rises."""
    slips = [each.values[0] for each in _texts("kinds.jsonl") if each.values[0]["expect"] == "slip"]
    assert sum(bool(each["found"]) for each in slips) >= _FOUND_OF_KINDS
    assert sum(each["found"] == "error" for each in slips) >= _ERRORS_OF_KINDS
