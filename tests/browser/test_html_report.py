"""The report as a page, in a real browser: what a click and a key do, and that nothing quoted does anything."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conftest import HEAD, check_text
from reports import HOSTILE, defect, finding, landmarked, report
from rheumcalc.config import Settings
from rheumcalc.documents import document_from_bytes, read_document
from rheumcalc.engine import check, check_document, check_record
from rheumcalc.messages import visible
from rheumcalc.result import Report
from rheumcalc.source import Source

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def quarter() -> Report:
    """Return the report on the project's draft, held against its records."""
    return check(
        ROOT / "data" / "drafts" / "quarter-in-review.md", settings=Settings(studies=str(ROOT / "data/studies"))
    )


@cache
def records() -> Report:
    """Return the report on two records."""
    return check(*(ROOT / "data" / "studies" / f"{name}.yaml" for name in ("ruperto-2008-awaken", "zhang-2023-thalidomide-aid")))  # fmt: skip  # noqa: E501


def shown(opened: Any) -> list[str]:
    """Return the ids of the findings in the list that can be seen."""
    found = opened.page.eval_on_selector_all(".item", "items => items.filter(e => e.offsetParent).map(e => e.id)")
    return [str(each) for each in found]


def opened_cards(opened: Any) -> list[str]:
    """Return the ids of the workings that can be seen."""
    found = opened.page.eval_on_selector_all(
        ".card[data-mark]", "cards => cards.filter(e => e.offsetParent).map(e => e.id)"
    )
    return [str(each) for each in found]


# --- filtering -------------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_severity_and_rule(open_report: Any) -> None:
    """Unticking a severity or choosing a rule hides the other findings, and a line says how many are left."""
    opened = open_report(quarter())
    page = opened.page
    status = page.get_by_role("status")
    assert (len(shown(opened)), status.inner_text()) == (5, "Showing 5 of 5 findings.")
    page.get_by_label("errors (2)").uncheck()
    assert (len(shown(opened)), status.inner_text()) == (3, "Showing 3 of 5 findings.")
    page.get_by_label("Rule", exact=True).select_option("RC308")
    assert (len(shown(opened)), status.inner_text()) == (1, "Showing 1 of 5 findings.")
    page.get_by_label("warnings (3)").uncheck()
    assert (len(shown(opened)), status.inner_text()) == (0, "Showing 0 of 5 findings.")
    page.keyboard.press("n")
    assert opened_cards(opened) == []


def test_groups_without_a_finding_are_hidden_too(open_report: Any) -> None:
    """The name of a file of which no finding is listed is not listed either."""
    opened = open_report(records())
    opened.page.get_by_label("Rule", exact=True).select_option("RC310")
    names = [each.inner_text() for each in opened.page.locator(".group h3").all() if each.is_visible()]
    assert names == [records().files[1].name]


# --- jumping ---------------------------------------------------------------------------------------------------------


def test_a_finding_leads_to_its_place(open_report: Any) -> None:
    """A click on a finding moves the focus to the place in the draft, in view, and opens its working below it."""
    opened = open_report(quarter(), height=500)
    page = opened.page
    page.locator("#f4 .jump").click()
    mark = page.locator(f"#{opened.focused}")
    assert mark.locator("bdi").inner_text() == "10/83(12%)"
    assert (mark.get_attribute("aria-expanded"), mark.get_attribute("role")) == ("true", "button")
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 500
    (card,) = opened_cards(opened)
    assert card == mark.get_attribute("aria-controls")
    assert page.locator("#f4").get_attribute("aria-current") == "true"
    assert "10/83(12%) is over 83, while 7 other results imply 88." in page.locator(f"#{card}").inner_text()


def test_places_in_a_working_lead_on_and_back(open_report: Any) -> None:
    """From a working one comes to the places it names, to the finding in the list, and to the rule's page."""
    opened = open_report(quarter())
    page = opened.page
    page.locator("#f2 .jump").click()
    (card,) = opened_cards(opened)
    page.locator(f"#{card} .related a").first.click()
    assert page.locator(f"#{opened.focused} bdi").inner_text() == "83"
    (other,) = opened_cards(opened)
    page.locator(f"#{other}").get_by_text("Back to the list").click()
    assert opened.focused == "f1"
    page.locator("#f2 .rule").click()
    rule = page.locator(f"#{opened.focused}")
    assert (opened.focused, rule.get_attribute("open")) == ("rule-RC302", "")
    assert rule.get_by_text("What it checks").is_visible()


def test_a_hidden_finding_is_shown_when_it_is_gone_to(open_report: Any) -> None:
    """A link to a finding that the filters hide shows it."""
    opened = open_report(quarter())
    page = opened.page
    page.get_by_label("errors (2)").uncheck()
    page.locator("main a.mark", has_text="Sixteen").click()
    page.locator(".card.open .finding .number").first.click()
    assert (opened.focused, len(shown(opened))) == ("f2", 5)


@pytest.mark.parametrize(("fragment", "focused"), [("#f3", "f3"), ("#rule-RC313", "rule-RC313"), ("#nowhere", "")])
def test_an_address_may_name_a_place(open_report: Any, fragment: str, focused: str) -> None:
    """A page opened at a finding or a rule goes there."""
    assert open_report(quarter(), fragment=fragment).focused == focused


# --- the keyboard ----------------------------------------------------------------------------------------------------


def test_the_working_opens_and_closes_by_keyboard(open_report: Any) -> None:
    """Enter and the space bar open and close a working; Escape closes it and returns to the result."""
    opened = open_report(quarter())
    page = opened.page
    mark = page.locator("main a.mark", has_text="53 (60.2%)")
    mark.focus()
    name = opened.focused
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        assert [opened.focused] == opened_cards(opened)
        page.keyboard.press("Escape")
        assert (opened.focused, opened_cards(opened)) == (name, [])
        page.keyboard.press(key)
        mark.focus()
        page.keyboard.press(key)
        assert (opened.focused, opened_cards(opened)) == (name, [])
    assert mark.get_attribute("aria-expanded") == "false"


def test_keys_go_from_finding_to_finding(open_report: Any) -> None:
    """`n` and `p` go on and back among the findings that are listed, `l` to the list; a box turns them off."""
    opened = open_report(quarter())
    page = opened.page
    current = "[...document.querySelectorAll('[aria-current]')].map(e => e.id).join()"
    seen = []
    for key in "nnnpl":
        page.keyboard.press(key)
        seen.append(page.evaluate(current))
    assert seen == ["f1", "f2", "f3", "f2", "f2"]
    assert opened.focused == "f2"
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert page.evaluate(current) == "f5"
    page.get_by_label("errors (2)").uncheck()
    page.keyboard.press("n")
    assert page.evaluate(current) == "f3"
    page.get_by_label("use the keys").uncheck()
    page.keyboard.press("n")
    assert page.evaluate(current) == "f3"
    page.get_by_role("button", name="Next").click()
    assert page.evaluate(current) == "f4"


def test_what_is_hidden_does_not_lose_the_place(open_report: Any) -> None:
    """Where the filters hide the finding one is at, the next is the next that is listed."""
    opened = open_report(quarter())
    page = opened.page
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.get_by_label("errors (2)").uncheck()
    page.get_by_role("button", name="Previous").click()
    assert page.locator("[aria-current]").get_attribute("id") == "f5"


def test_tab_goes_through_the_page_in_order(open_report: Any) -> None:
    """Tab reaches the links to skip by, the filters, the list and the results, in the order of the page, each seen."""
    opened = open_report(quarter())
    page = opened.page
    seen: list[str] = []
    place = 0.0
    outlined = []
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            " return [e.className || e.id || e.name || e.tagName, s.outlineStyle, r.width, scrollY + r.y,"
            " !!e.closest('.draft')]; })()"
        )
        if told[0] == "BODY":
            break
        seen.append(told[0])
        outlined.append((told[1], told[2] > 0))
        if told[4]:
            assert told[3] >= place - 40
            place = told[3]
    assert seen[:5] == ["skip", "skip", "severity", "severity", "rule-filter"]
    assert set(outlined) <= {("solid", True), ("auto", True)}
    assert sum(each.startswith("mark") for each in seen) == 15
    assert seen.index("jump") < next(index for index, each in enumerate(seen) if each.startswith("mark"))


def test_the_first_links_skip(open_report: Any) -> None:
    """The first Tab shows a link that leads to the findings, the second one that leads to the text."""
    opened = open_report(quarter())
    page = opened.page
    for steps, place in ((1, "findings"), (2, "main")):
        page.evaluate("document.activeElement.blur()")
        for _ in range(steps):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().x") >= 0
        page.keyboard.press("Enter")
        assert opened.focused == place
        page.reload()


# --- what a screen reader is told ------------------------------------------------------------------------------------


def test_roles_and_names(open_report: Any) -> None:
    """Landmarks, headings, tables and controls have roles and names; a mark's name has its verdict in words."""
    opened = open_report(quarter())
    page = opened.page
    for role, name in (("navigation", "Findings"), ("main", ""), ("banner", ""), ("status", "")):
        assert page.get_by_role(role, name=name or None).count() == 1
    mark = page.get_by_role("button", name="15 (75%) (the numbers fit together; as in the study's record; finding 5)")
    assert mark.count() == 1
    mark.click()
    assert page.get_by_role("group", name=re.compile(r"^15 \(75%\)")).is_visible()
    levels = page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(e => [+e.tagName[1], e.innerText])")
    assert levels[0] == [1, "The numbers cannot all be true: 2 errors."]


def test_a_record_has_its_forest_plot(open_report: Any) -> None:
    """The picture of a study's results is in the page itself, is drawn, and says in words what it shows."""
    pytest.importorskip("matplotlib", reason="figures need the extra 'plot'")
    opened = open_report(records())
    picture = opened.page.get_by_role("img", name=re.compile("Forest plot of Ruperto 2008"))
    assert str(picture.get_attribute("src")).startswith("data:image/svg+xml;base64,")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 500")


def test_a_record_is_a_table(open_report: Any) -> None:
    """Each result of a record is a row; its working opens in the row below, and goes away again."""
    opened = open_report(records())
    page = opened.page
    table = page.get_by_role("table", name=re.compile("ruperto-2008"))
    heads = [each.inner_text() for each in table.get_by_role("columnheader").all()]
    assert heads == ["Outcome", "Group", "Time", "Printed", "Recomputed", "95% CI", "Verdict"]
    rows = table.get_by_role("row").count()
    assert rows == len(records().files[0].judgements) + 1
    mark = table.locator("a.mark.inconsistent").first
    mark.click()
    assert table.get_by_role("row").count() == rows + 1
    assert "These numbers cannot all be true." in table.locator("tr.opened").inner_text()
    mark.click()
    assert (table.get_by_role("row").count(), opened_cards(opened)) == (rows, [])


# --- whatever a draft holds ------------------------------------------------------------------------------------------

_HOSTILE_DRAFT = """# <script>alert(1)</script> {study=x"onmouseover="alert(2)}

<img src=https://example.org/x.png onerror=alert(3)> Of 88, 16 (19.3%) =cmd()|'/c calc'!A1 [/bold] \u202egnp.exe 16/88 (19.3%).

| <svg onload=alert(4)> | n = 60 |
|---|---|
| </table></div><iframe src="javascript:alert(5)"> | 4 (8%) |

{{ 7 * 7 }} {% raw %} &lt;b&gt; <style>*{display:none}</style> ]]> <!-- 5/6 (83%) --> <link rel=stylesheet href=//example.org>
"""  # noqa: E501


def test_a_hostile_draft_is_inert(open_report: Any) -> None:
    """Scripts, handlers, pictures, templates and controls in a draft are shown as text; nothing runs or is fetched."""
    name = "<script>alert(6)</script>\u202e.md"
    draft = check_document(read_document(Source(name, _HOSTILE_DRAFT)), Settings())
    record = check_record(Source("[/bold].yaml", HEAD + "'<img src=x onerror=alert(7)>': =cmd()\n"), Settings())
    opened = open_report(Report((draft, record, *hostile_reports().files)))
    page = opened.page
    text = page.evaluate(
        "(() => { const draft = document.querySelector('.draft').cloneNode(true);"
        " draft.querySelectorAll('[data-added]').forEach((each) => each.remove()); return draft.textContent; })()"
    )
    words = [word for line in _HOSTILE_DRAFT.splitlines() for word in re.findall(r"[^\s|#-]+", line)]
    assert [word for word in words if visible(word) not in text] == []
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, iframe, svg, link, main style, [onerror], [onload]").count() == 0
    for mark in page.locator("a.mark").all():
        mark.click()
    for _ in range(10):
        page.keyboard.press("n")


def hostile_reports() -> Report:
    """Return a report in which everything that is quoted is hostile."""
    return report(*(each(text) for text in HOSTILE.values() for each in (finding, defect, landmarked)))


def test_the_policy_stops_what_is_not_ours(open_report: Any) -> None:
    """Even a script that got into the page would not run: the policy names one script by its hash."""
    opened = open_report(quarter())
    opened.page.evaluate(
        "(() => { const other = document.createElement('script'); other.textContent = 'document.title = 1';"
        " document.body.append(other); })()"
    )
    assert opened.page.title() != "1"
    (refused,) = opened.told
    assert "Content Security Policy" in refused
    opened.told.clear()


# --- how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 800, 1280, 1920])
def test_nothing_is_cut_off(open_report: Any, width: int, scheme: str) -> None:
    """On a telephone and on a wide screen, by day and by night, one scrolls down and not sideways."""
    made = document_from_bytes(
        b"# T\n\n| a | n = 60 |\n|---|---|\n| " + b"word " * 40 + b"| 4 (8%) |\n\n" + b"x" * 300, "w.md"
    )
    whole = Report((*quarter().files, *records().files, check_document(made, Settings())))
    opened = open_report(whole, width=width, scheme=scheme)
    assert opened.width <= width
    for mark in opened.page.locator("a.mark[id^=m1], a.mark.inconsistent").all()[::3]:
        mark.click()
        assert opened.width <= width
    ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 28)"}[scheme]


def test_print(open_report: Any) -> None:
    """On paper stand the findings with their working and the marks; the controls and the rules' pages do not."""
    opened = open_report(Report((*quarter().files, *records().files)), scheme="dark")
    page = opened.page
    page.locator("main a.mark", has_text="Sixteen").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for selector in (".filters", ".keys", ".rules", ".skip", ".card-foot"):
        assert [each.is_visible() for each in page.locator(selector).all()].count(True) == 0
    text = page.inner_text("body")
    for each in (*quarter().findings, *records().findings):
        for words in (each.message, *each.steps) if each.is_open else ():
            assert words in text
    cards = page.eval_on_selector_all(".card", "all => all.map(e => [e.classList.contains('found'), !!e.offsetParent])")
    assert [is_found for is_found, _ in cards] == [is_shown for _, is_shown in cards]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.mark.consistent bdi')).textDecorationLine")
        == "underline"
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf()[:5] == b"%PDF-"


def test_without_script(open_report: Any) -> None:
    """Where scripts are off, everything can be read, and links lead to the workings and back."""
    opened = open_report(quarter(), java_script_enabled=False)
    page = opened.page
    assert not page.locator(".filters").is_visible()
    page.locator("#f4 .jump").click()
    page.locator("main a.mark", has_text="10/83(12%)").click()
    card = page.url.rpartition("#")[2]
    assert page.locator(f"#{card}").is_visible()
    page.locator(f"#{card}").get_by_text("Back to the text").click()
    assert page.url.endswith(f"#m{card[1:]}")


def test_a_report_of_nothing(open_report: Any) -> None:
    """A page without findings and without files works too."""
    for each in (report(), Report((check_text("populations: {all: 88}\n"),))):
        opened = open_report(each)
        for key in ("n", "p", "l", "Escape"):
            opened.page.keyboard.press(key)
        assert opened.focused == "findings"
