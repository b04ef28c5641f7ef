"""How results are written: the table of constructions, each with its parent, its pattern, its guards and its examples.

A construction is a row of parts over the tokens of a sentence. What speaks against a reading is a guard, declared once
and inherited from the parent. `CONTRIBUTING.md` says how to add one: a row here, with its examples, is all it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from rheumcalc.prose.lexicon import LexiconError, over_tokens

#: Words that may stand between a count and its bracket: no verb, and nothing that joins or sets apart.
_PLAIN = r"{word|mark|quote-verb-conjunction-of-alternative}"
#: The same with verbs.
_CLAUSE = r"{word|mark|quote-conjunction-of}"
_NOUN = r"{word-verb-conjunction-of-alternative-preposition}"
_PERCENT = r"(?:{bound_sign|equals}|(?<!{bound_sign|equals}))(?P<p>{percentage}){percent_sign}"
_HEDGE = r"(?P<h>{hedge}{stop}?|{hedge_than}{than}|{at}{extreme}|{up}{to}|{just}{hedge}|{close}{to})?"
#: What leads from a fraction to the percentage that says the same.
_THAT_IS = r"(?:{alternative}|{that_is}{stop}?|{relative}{be})"
#: What may stand between `of` and a denominator: `an initial`, `a total of`; no people, who would be another phrase.
_ADJECTIVE = r"{word-verb-conjunction-of-alternative-preposition-person}"
_LEAD = (
    rf"(?:{{determiner|quote|mark-relative}}{{0,3}}"
    rf"(?:{_ADJECTIVE}{{0,2}}{{of}}{{determiner}}{{0,2}})?{_ADJECTIVE}{{0,2}})"
)
_OF = rf"(?:{{out}}?{{of}}{_LEAD})"
_COUNT_JOINT = r"(?:{comma|semicolon}?{and|versus|alternative|conjunction}{stop}?|{comma|semicolon})"
_JOINT = rf"(?:{_COUNT_JOINT}|{{slash}})"

_LABELLED = r"(?:{label_n}{equals})?{number}"
_CLOSES = r"(?={close_bracket|comma|semicolon|stop})"
_FRACTION = rf"{{number}}(?:{{slash}}|{{open}}?{{of}}{{determiner}}?){{number}}{{close_bracket}}?(?:{_PLAIN}{{0,6}}?)"

#: The parts that patterns are made of. The groups `k`, `n`, `p` and `h` are the count, the denominator, the percentage
#: and a hedge; `ks`, `fs` and `ps` are lists of counts, of fractions and of percentages.
PARTS = {
    "count": r"(?P<k>{number})",
    "again": r"(?P<again>{number})",
    "denominator": r"(?P<n>{number})",
    "percent": rf"(?:{_THAT_IS}{{comma}}?)?{_HEDGE}{_PERCENT}",
    "label": r"{label_n}{mark}{0,2}(?:{equals}|{colon})",
    "over": rf"(?:{{slash}}|{_OF})",
    "of": _OF,
    "of_number": rf"(?:{{out}}?{{of}}{{determiner-sets_apart}}{{0,2}}{_ADJECTIVE}?)",
    "among": rf"(?:{{among|from}}{_LEAD}|{{to}}{{determiner}}{_NOUN}{{0,2}})",
    "in": r"{in}",
    "open": r"{open}",
    "close": r"{close_bracket}",
    "comma": r"{comma|semicolon|colon}",
    "joint": r"(?:{comma|semicolon|colon|equals|close_bracket|dash}|(?={alternative}))",
    # A colon after words begins a list.
    "apposition": r"(?:{comma|semicolon|close_bracket|dash}|(?={alternative}))",
    "or": rf"(?:{_THAT_IS}{{comma}}?)",
    "ends": r"(?={close_bracket|comma|semicolon|stop|dash})",
    "people": r"{person}",
    "share": r"(?={word-verb-preposition-conjunction-of})",
    "words": rf"(?:{_PLAIN}){{0,5}}",
    "nouns": r"{word-verb-conjunction-of-alternative-preposition}{1,5}",
    "phrase": r"(?:{word|mark|quote|dash-versus}){0,12}",
    # `with type 2 diabetes`, `given 10 mg of it for 12 weeks`, but no measurement right before the bracket
    "stretch": r"{word|mark|quote|dash|plus|quantity|named|date-verb-conjunction-relative}{1,14}"
    r"(?:(?<={word|named|date|mark|quote-unit})|(?<={time}))",
    "kind": r"{word}{0,2}",
    "clause": r"(?:{word|mark|quote-of}){1,12}",
    "tail": r"(?:{word}){0,14}",
    "far": r"(?:{word|number|decimal|quantity|named|date|mark|quote|dash}){0,14}",
    "aside": r"[^OPEN]{1,16}",
    "rest": r"(?={close_bracket}{word|comma}{1,10}{open}(?P<rest>{percentage}){percent_sign})",
    "unsigned": r"(?P<q>{number|decimal|quantity|named|date|broken|cited})",
    "counts": rf"(?P<ks>{_LABELLED}{_PLAIN}{{0,3}}(?:{_COUNT_JOINT}{_LABELLED}{_PLAIN}{{0,3}}?){{1,9}})",
    "fractions": rf"(?P<fs>{_FRACTION}(?:{_JOINT}{_FRACTION}){{1,9}})",
    "sizes": r"(?P<ns>{number}(?:(?:{comma}?{and}|{comma}){number}){1,9})",
    "percents": rf"(?P<ps>{_HEDGE.replace('(?P<h>', '(?:')}{{percentage}}{{percent_sign}}{_PLAIN}{{0,4}}"
    rf"(?:{_JOINT}{{hedge}}?{{percentage}}{{percent_sign}}(?:{_PLAIN}{{1,4}}{_CLOSES})?){{1,9}})",
    "ellipsis": r"(?P<ps>(?:{number|decimal|percentage|quantity}{percent_sign}?"
    rf"{_JOINT}){{1,9}}{{percentage}}{{percent_sign}})",
    "gap": rf"(?:{_CLAUSE}|{{of|dash|plus|quantity|named|date}}){{0,10}}(?:{{comma}}?{{respectively}})?",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """What speaks against a reading: a pattern over the tokens beside one of its groups, or among its own.

    `at` says where: one of the groups `k` and `n` itself, `before` or `after` one of `k`, `n` and `p` or of the
    `whole`, `inside` it, or `around` it with the next token. A match that holds `unless` is not refused.
    """

    name: str
    at: str
    pattern: str
    example: str
    unless: str | None = None


_IN_BRACKET = r"[^CLOSE]{0,5}?"

GUARDS = {
    guard.name: guard
    for guard in (
        Guard("longer fraction", "before whole", r"(?:{number|decimal|quantity|broken|named|date}{slash})", "6/12/60"),
        Guard(
            "denominator",
            "before k",
            r"{number|broken|quantity|cited}{word-verb-preposition-of}{0,2}{out}?{of}{determiner-relative}{0,2}",
            "1 2 of 40 patients (30%)",
        ),
        Guard("fraction goes on", "after n", r"{slash}", "6/12/60"),
        Guard(
            "two percentages",
            "after p",
            r"{comma|semicolon}?{conjunction|versus|alternative|slash}{stop}?{hedge}?{bound_sign}?{percentage}",
            "4 of 48 in one arm and 3 of 44 in the other (8% vs 7%)",
        ),
        Guard(
            "in order",
            "after n",
            r"{close_bracket}(?:{word|quantity|named|dash}){1,8}{open}{number}{slash}{number}{close_bracket}"
            r"(?:{word|comma-respectively}){0,6}{respectively}",
            "56% and 59% came to the first (124/221) and second visits (130/221), respectively",
        ),
        Guard(
            "own percentage",
            "after n",
            r"{word}{0,4}{open}{percentage}{percent_sign}{close_bracket}",
            "of this 4.3%, 21 of the 26 missing interviews (81%)",
        ),
        Guard(
            "own noun", "after p", r"{word-verb-conjunction-preposition-of}?{no_share-verb}", "816 children (12% loss)"
        ),
        Guard(
            "noun of its own",
            "after p",
            r"{word-verb-conjunction-preposition-of-person-kind-share-whole-group-be-interval_noun}{1,2}{close_bracket}",
            "12 clotted (87.5% patency)",
        ),
        Guard(
            "own clause",
            "after p",
            r"{verb}|{comma}?{conjunction|alternative}?{hedge}?{bound_sign}?{percentage}",
            "in 24 infants (17% had soft stools)",
        ),
        Guard(
            "own noun after a clause",
            "after p",
            r"{word-verb-conjunction-preposition-of}",
            "79 eyes were treated (95% right eyes)",
        ),
        Guard(
            "groups", "after k", r"(?:{word-verb-preposition-person}){0,2}?{compared}", "between the two groups (2.3%)"
        ),
        Guard(
            "criterion count",
            "before k",
            r"(?:{hedge}|{extreme}|{than})",
            "with more than 3 adverse events (77%)",
            unless="{person}",
        ),
        Guard("one of a kind", "k", r"{one}", "one of the commonest causes (12%)", unless="{person}"),
        Guard("made of", "inside", r"{consists}", "10 of teams consisting of 20 girls (60%)"),
        Guard("of which", "inside", r"{of}{relative}", "12 of those of whom 40 (30%)"),
        Guard(
            "inside a phrase",
            "before k",
            r"(?:{of}|{preposition})",
            "vendors of 59 shops reported high uptake (98%)",
        ),
        Guard(
            "change",
            "after p",
            _IN_BRACKET + r"{change|comparison-and}",
            "12/30 (33% less than before)",
        ),
        Guard("another time", "after p", r"{no_share-share}|{in|by|at}", "54/60 (75% in 2019)"),
        Guard(
            "reading before",
            "before k",
            r"{reading}(?:{be|of|a|determiner|equals|colon|to|alternative|comparison}){0,4}",
            "an acuity of 20/40",
        ),
        Guard("reading after", "after n", r"{word}{0,1}{reading_noun}", "20/40 vision"),
        Guard("own clause of a fraction", "after n", r"{verb}", "84% at 5 years (10/72 reached it)"),
        Guard("percentage before", "before k", r"{percentage}{percent_sign}{comma}", "74%, 70/94; 69%"),
        Guard(
            "another fraction",
            "after n",
            r"[^CLOSE]{0,12}{number}{slash}{number}",
            "21% in one arm and 70% in the other (44/211 and 259/367)",
        ),
        Guard(
            "group's own size",
            "before k",
            r"{group|whole}(?:{word|open|comma}){0,3}{label_n}{equals}",
            "38% of the placebo group (n = 60)",
        ),
        Guard("average", "before whole", r"{average}(?:[^STOP]){0,7}", "the mean decrease was 29.9% (n = 28)"),
        Guard("strength", "before whole", r"{solution}", "saline 0.9% (n = 12)"),
        Guard("strength inside", "inside", r"{solution}", "0.9% saline (n = 12)"),
        Guard(
            "row of percentages",
            "after p",
            r"{comma|semicolon|slash}?{conjunction|alternative|versus}?{stop}?{hedge}?{percentage}",
            "12/40 girls with type 2 diabetes (30%, 40%)",
        ),
        Guard("own strength", "after p", r"{word-person-preposition-of}{0,1}{solution}", "0.9% saline (12 of 40)"),
        Guard("bound", "inside", r"^{bound_sign}", "completed ≥70% of sessions (n = 11)"),
        Guard(
            "no people",
            "after n",
            r"{word-verb-preposition-determiner}{0,2}{compared}(?!{word-verb-preposition-conjunction-of}?{person})",
            "60% of the two groups",
        ),
        Guard("one", "n", r"{one}", "40% of one repetition maximum"),
        Guard(
            "planned",
            "after n",
            r"{word-person}{0,2}{planned}"
            # `of the 48 patients required for it`, but not `of the 48 patients required surgery`
            r"|{word}{0,2}{person}{planned}(?!{word-verb-preposition-conjunction-of})",
            "70% of the 48 planned sessions",
        ),
        Guard("worked out", "after n", r"{equals}", "25% of 13 = 3.25"),
        Guard("begins a list", "before k", r"(?:{of}|{preposition})", "in 120 patients, 24%, had a rash"),
        Guard(
            "list goes on",
            "after p",
            r"{comma}?(?:{percentage}|{number}|{conjunction}|{hedge})",
            "12 girls, 24%, and 7 boys",
        ),
        Guard("not of people", "after p", r"(?!{kind}|{person})", "n = 3, 10% premature"),
        Guard("nobody", "around", r"^(?!.*{person}).*$", "12 items (40% blue)"),
        Guard("other group", "after p", r"{of}{determiner}?{word-verb}{0,3}{group}", "12 (67.8% of the placebo group"),
    )
}


@dataclass(frozen=True, slots=True)
class Construction:
    """One way to write a result: a row of the parts named in `PARTS`, an optional one with a question mark.

    Guards are those of the parent and its own. `weight` says how much binds its numbers: more numbers, and closer
    words. `reads` lists texts of which it gives the result, `leaves` texts that it must not read. `where` says where
    it is read: in prose, in a record's `reported:`, or in both.
    """

    name: str
    pattern: str
    weight: float
    parent: str | None = None
    guards: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    where: str = "both"
    record: str | None = field(default=None)

    def ancestors(self) -> Iterator[str]:
        """Yield the names of the parent, its parent, and so on."""
        if self.parent is not None:
            yield self.parent
            yield from by_name(self.parent).ancestors()

    def all_guards(self) -> Iterator[Guard]:
        """Yield the guards of the construction and of its ancestors."""
        for name in self.guards:
            if name not in GUARDS:
                raise LexiconError(f"construction '{self.name}': there is no guard '{name}'")
            yield GUARDS[name]
        if self.parent is not None:
            yield from by_name(self.parent).all_guards()


#: Parents that are no constructions themselves: what their children have in common.
FAMILIES = (
    Construction("result", "", 0, guards=("longer fraction",)),
    Construction("fraction", "", 0, "result", ("groups", "fraction goes on", "reading before", "reading after")),
    Construction("fraction first", "", 0, "fraction", ("change", "percentage before", "two percentages")),
    Construction("fraction before a bracket", "", 0, "fraction first", ("another time",)),
    Construction(
        "count first",
        "",
        0,
        "result",
        ("own noun", "noun of its own", "own clause", "groups", "criterion count", "other group", "denominator"),
    ),
    Construction("percentage first", "", 0, "result", ("strength inside",)),
    Construction("size first", "", 0, "result", ("own noun",)),
    Construction("list", "", 0, "result"),
)

#: In the order in which records try them: the more a construction binds, the earlier it comes.
CONSTRUCTIONS = (
    Construction(
        "fraction-percentage",
        "count over denominator phrase open percent",
        12,
        "fraction before a bracket",
        reads=("10/12 girls (83.3%)", "5 of an initial 13 patients (38.5%)"),
        leaves=("from 18/30 to 12/30 (33% relative reduction)",),
    ),
    Construction(
        "fraction-stretch-percentage",
        "count over denominator stretch open percent",
        10.5,
        "fraction before a bracket",
        ("row of percentages",),
        reads=("12/40 girls with type 2 diabetes (30%)", "7 of 20 men given 10 mg of it for 12 weeks (35%)"),
        leaves=("12/40 girls with a gain of 5 kg (9%)", "12/40 girls who lost 5 kg of fat (9%)"),
        where="prose",
    ),
    Construction(
        "fraction-percentage-joined",
        "count over denominator joint? percent",
        11,
        "fraction first",
        reads=("35/36 or 97.2%", "3/8 = 75%"),
        where="both",
    ),
    Construction(
        "fraction-words-percentage",
        "count over denominator nouns apposition percent",
        11,
        "fraction first",
        reads=("3/8 girls, 38%",),
    ),
    Construction(
        "fraction-percentage-without-sign",
        "count over denominator open unsigned close",
        11,
        "fraction first",
        reads=("58/177 (33)",),
        where="record",
    ),
    Construction(
        "count-out-percentage",
        "count words over denominator phrase open percent",
        12,
        "fraction before a bracket",
        ("of which", "made of"),
        reads=("73 women of the 84 (87%)",),
    ),
    Construction(
        "count-among-percentage",
        "count words among denominator phrase open percent",
        9.5,
        "fraction before a bracket",
        ("of which", "made of"),
        reads=("3 among the 7 girls (42.9%)", "12 from 74 (16%)"),
        where="prose",
    ),
    Construction(
        "count-in-people-percentage",
        "count words in denominator kind people phrase open percent",
        9.5,
        "fraction before a bracket",
        ("of which", "made of"),
        reads=("16 in 88 patients (18.2%)",),
        leaves=("counts above 20,000 in 31 (41.9%)",),
        where="prose",
    ),
    Construction(
        "count-percentage-of",
        "label? count words open percent close words of denominator",
        12,
        "count first",
        ("no people",),
        reads=("321 (64%) of 505",),
    ),
    Construction(
        "count-percentage-aside-of",
        "count words open percent aside close words of denominator",
        11,
        "count first",
        ("no people",),
        reads=("41 (20%; all mild) of 205",),
    ),
    Construction(
        "percentage-fraction",
        "percent far comma? open label? count words over denominator",
        12,
        "fraction",
        ("another fraction", "own clause of a fraction", "own strength", "in order"),
        reads=("75% (15/20)",),
        leaves=("56.1% and 58.8% came at 1 (124/221) and 2 months (130/221), respectively",),
    ),
    Construction(
        "percentage-fraction-joined",
        "percent comma? count over denominator",
        11,
        "fraction",
        ("own percentage",),
        reads=("74%, 70/94",),
    ),
    Construction(
        "count-percentage-fraction",
        "again words open percent comma count over denominator",
        13,
        "fraction",
        reads=("twelve girls (60%, 12/20)",),
        where="prose",
    ),
    Construction(
        "size-parts",
        "denominator words people clause open percent rest",
        10,
        "size first",
        reads=("9 girls who ate (40%) or not (60%)",),
        where="prose",
    ),
    Construction(
        "size-share",
        "label? denominator clause? comma? open percent share",
        9,
        "size first",
        ("nobody",),
        reads=("151 adults (76% women)",),
        where="prose",
    ),
    Construction(
        "size-share-aside",
        "denominator words people open aside comma percent share",
        8.5,
        "size first",
        reads=("50 children (age: 14 ± 3 years, 48% female)",),
        where="prose",
    ),
    Construction(
        "size-share-joined",
        "label denominator comma percent share",
        9,
        "size first",
        ("not of people",),
        reads=("n = 151; 48% male",),
        where="prose",
    ),
    Construction(
        "labelled-count-percentage",
        "label count comma? or? open? percent",
        8.5,
        "count first",
        reads=("n = 45; 36.9%",),
    ),
    Construction(
        "labelled-count-words-percentage",
        "label count nouns comma? open percent",
        8.5,
        "count first",
        reads=("n = 12 girls (9%)",),
    ),
    Construction(
        "percentage-labelled-count",
        "percent tail joint? open? label count",
        8.5,
        "percentage first",
        ("group's own size", "average", "strength", "bound"),
        reads=("75% (n = 15)",),
    ),
    Construction(
        "count-percentage-of-inside",
        "count words open percent of denominator close",
        12,
        "count first",
        ("no people",),
        reads=("16 (64% of 25)",),
    ),
    Construction("count-percentage", "count words open percent", 8, "count first", reads=("16 patients (18.2%)",)),
    Construction(
        "count-aside-percentage",
        "count words open aside comma percent close",
        7.4,
        "count first",
        reads=("39 eyes (of girls, 49.4%)",),
        where="prose",
    ),
    Construction(
        "count-percentage-enclosed", "open count words comma percent", 8, "count first", reads=("(111 female, 68.1%)",)
    ),
    Construction(
        "count-percentage-appended",
        "count words people apposition percent comma",
        7.5,
        "count first",
        ("begins a list", "list goes on"),
        reads=("twelve girls, 24%,",),
        where="prose",
    ),
    Construction(
        "count-of-percentage",
        "count of words open percent",
        7.5,
        "count first",
        ("one of a kind", "of which"),
        reads=("12 of the patients (5%)",),
    ),
    Construction(
        "count-clause-percentage",
        "count words people? clause open percent",
        6.5,
        "count first",
        ("own noun after a clause", "inside a phrase"),
        reads=("9 girls were well (18%)", "12 withdrew (27%)"),
        where="prose",
    ),
    Construction(
        "percentage-enclosed-count",
        "percent open count close",
        7,
        "percentage first",
        ("average", "strength"),
        reads=("75% (15)",),
    ),
    Construction(
        "percentage-count", "percent open count words people close", 8, "percentage first", reads=("75% (15 patients)",)
    ),
    Construction(
        "count-in-percentage",
        "count words in denominator words open percent",
        11,
        "fraction first",
        reads=("16 events in 60 (27%)",),
        where="record",
    ),
    Construction(
        "count-percentage-joined",
        "count words joint? percent",
        7,
        "count first",
        reads=("111 female, 68.1%",),
        where="record",
    ),
    Construction(
        "count-percentage-without-sign",
        "count open unsigned close",
        7,
        "count first",
        reads=("16 (18.2)",),
        where="record",
    ),
    Construction(
        "percentage-of",
        "percent of_number denominator",
        8,
        "percentage first",
        ("no people", "one", "planned", "worked out"),
        reads=("66.7% of 25",),
    ),
    Construction(
        "fraction-alone",
        "count words over denominator",
        4,
        "fraction",
        ("of which", "made of"),
        reads=("13 of the 14 patients",),
    ),
    Construction("percentage-alone", "open? percent", 1, "result", reads=("nearly 50%",), where="record"),
    Construction("count-alone", "label? count", 1, "result", reads=("6",), where="record"),
    Construction(
        "fraction-phrase-percentage",
        "count over denominator phrase apposition percent ends",
        9.5,
        "fraction first",
        reads=("17 of the 59 in the placebo group, 28.8%)",),
        where="prose",
    ),
    Construction(
        "percentage-count-of",
        "percent open count words close words of denominator",
        11.5,
        "percentage first",
        ("no people",),
        reads=("45% (9) of the 20",),
        where="prose",
    ),
    # --- lists: counts or fractions in one row and their percentages in another, given to one another in order
    Construction(
        "fraction-list",
        "fractions gap open? or? percents",
        6,
        "list",
        reads=("5/40 and 7/40 (12.5% and 17.5%)",),
        where="prose",
    ),
    Construction(
        "fraction-list-elliptical",
        "fractions gap open ellipsis",
        6,
        "list",
        reads=("5/40 and 7/40 (12.5 and 17.5%)",),
        where="prose",
    ),
    Construction(
        "fraction-list-joined",
        "fractions gap comma percents",
        6,
        "list",
        reads=("16/44 and 22/44, 36.4% and 50.0%",),
        where="prose",
    ),
    Construction(
        "percentage-fraction-list-joined",
        "percents comma fractions",
        6,
        "list",
        reads=("91% breast, 58% colon; 20/22 and 14/24",),
        where="prose",
    ),
    Construction(
        "count-list-of-list",
        "counts of sizes gap open percents",
        6,
        "list",
        reads=("11, 7 and 3 of 50, 49 and 51 patients (22.0%, 14.3% and 5.9%)",),
        where="prose",
    ),
    Construction(
        "count-list-of",
        "counts of denominator gap open percents",
        6,
        "list",
        reads=("5 and 7 of 40 (12% and 18%)",),
        where="prose",
    ),
    Construction(
        "count-list",
        "counts gap open percents",
        5,
        "list",
        reads=("16, 42 and 37 patients (18.2%, 47.7% and 42.0%)",),
        where="prose",
    ),
    Construction(
        "count-list-elliptical",
        "counts gap open ellipsis",
        5,
        "list",
        reads=("16, 42 and 37 patients (18.2, 47.7 and 42.0%)",),
        where="prose",
    ),
    Construction(
        "percentage-fraction-list",
        "percents gap open fractions",
        6,
        "list",
        reads=("12% and 18% (5/40 and 7/40)",),
        where="prose",
    ),
    Construction(
        "percentage-count-list",
        "percents gap open counts",
        5,
        "list",
        reads=("12% and 18% (n = 5 and n = 7)",),
        where="prose",
    ),
)


@cache
def by_name(name: str) -> Construction:
    """Return the construction or family of a name."""
    found = next((each for each in (*CONSTRUCTIONS, *FAMILIES) if each.name == name), None)
    if found is None:
        raise LexiconError(f"there is no construction '{name}'")
    return found


_STANDS_FOR = {"OPEN": "{open|close_bracket}", "CLOSE": "{close_bracket}", "STOP": "{stop|semicolon}"}


def _expand(pattern: str) -> str:
    """Return a pattern over letters; `[^OPEN]` and the like are any token but those."""
    for name, token in _STANDS_FOR.items():
        if f"[^{name}]" in pattern:
            pattern = pattern.replace(f"[^{name}]", "[^" + over_tokens(token)[1:-1] + "]")
    return over_tokens(pattern)


#: In a record's result nothing else is printed, so any words may stand around its numbers.
_RECORD_WORDS = r"(?:{word|mark|quote|dash|comma|of|semicolon}){0,40}"
_RECORD_PARTS = (
    PARTS | {"people": ""} | dict.fromkeys(("words", "nouns", "phrase", "clause", "tail", "far"), _RECORD_WORDS)
)


def _assembled(construction: Construction, parts: dict[str, str]) -> str:
    row = []
    for part in construction.pattern.split():
        pattern = parts.get(part.removesuffix("?"))
        if pattern is None:
            raise LexiconError(f"construction '{construction.name}': there is no part '{part}'")
        row.append(f"(?:{pattern})?" if part.endswith("?") else pattern)
    return "".join(row)


def _compiled(row: str, pattern: str) -> re.Pattern[str]:
    """Return a pattern over letters; raise LexiconError, with the name of its row, where it cannot be one."""
    try:
        return re.compile(_expand(pattern))
    except (LexiconError, re.error) as error:
        raise LexiconError(f"{row}: {error}") from error


@cache
def compiled(name: str) -> re.Pattern[str]:
    """Return the pattern of a construction over the letters of prose."""
    return _compiled(f"construction '{name}'", _assembled(by_name(name), PARTS))


#: What may follow a result in brackets of its own: when, at which dose, of how many trials, a reference.
_RECORD_ASIDE = r"(?:{open}{word|quantity|cited|date|comma}{1,6}{close_bracket})?"


@cache
def compiled_for_record(name: str) -> re.Pattern[str]:
    """Return the pattern of a construction over the letters of a record's result, which it must match as a whole."""
    row = _assembled(by_name(name), _RECORD_PARTS)
    before = rf"{{open}}?(?:{PARTS['label']})?"
    after = rf"{{close_bracket}}?(?:{{word|mark|quote}}){{0,40}}{{close_bracket}}?{_RECORD_ASIDE}{{mark|stop}}?"
    return _compiled(f"construction '{name}' in a record", before + row + after)


#: What parts of constructions cannot do without, as patterns over features.
_NEEDED = {
    "percent": "{percentage}",
    "ellipsis": "{percentage}",
    "percents": "{percentage}.+{percentage}",
    "count": "{number}",
    "denominator": "{number}",
    "again": "{number}.+{number}",
    "counts": "{number}.+{number}",
    "sizes": "{number}.+{number}",
    "fractions": "(?:{slash}|{of}).+(?:{slash}|{of})",
    "over": "{slash|of}",
    "of": "{of}",
    "among": "{among|from|to}",
    "label": "{label_n}",
    "open": "{open}",
    "people": "{person}",
}


def needs_of(construction: Construction) -> frozenset[str]:
    """Return what a construction cannot do without, as patterns over features."""
    return frozenset(_NEEDED[part] for part in construction.pattern.split() if part in _NEEDED)


@cache
def _needs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((need, re.compile(over_tokens(need))) for need in sorted(set(_NEEDED.values())))


def needs_met(letters: str, first: int, last: int) -> set[str]:
    """Return what is there, between two places, of what constructions cannot do without."""
    return {need for need, pattern in _needs() if pattern.search(letters, first, last)}


@cache
def guards_of(name: str) -> tuple[tuple[Guard, re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return the guards of a construction with their patterns over letters."""
    return tuple(
        (
            guard,
            _compiled(
                f"guard '{guard.name}'", rf"(?:{guard.pattern})\Z" if guard.at.startswith("before") else guard.pattern
            ),
            _compiled(f"guard '{guard.name}'", guard.unless) if guard.unless else None,
        )
        for guard in by_name(name).all_guards()
    )
