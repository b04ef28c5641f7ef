"""Blank out Markdown's own marks, so that the text between them reads as prose with every character in its place."""

from __future__ import annotations

import re
from collections import defaultdict

from rheumcalc.documents.document import blank


def veil(text: str) -> str:
    r"""Return `text`, as long as before, without code, links' addresses, emphasis, tags and escapes.

    `**16** (18.2\%)[^1]` becomes `  16   (18.2 %)    `. Text that is struck out goes too.
    """
    text = _without_code(text)
    for pattern in _BLANKED:
        text = pattern.sub(_blanked, text)
    text = _URL.sub(_blanked, _LINK.sub(_link, text))
    text = _BREAK.sub(lambda match: ";" + blank(match[0])[1:], text)
    text = _TAG.sub(_blanked, text)
    text = _ENTITY.sub(_entity, text)
    for _ in range(2):  # emphasis within emphasis
        for pattern in _EMPHASIS:
            text = pattern.sub(_emphasis, text)
    return _ESCAPE.sub(r" \1", text)


# Each pattern begins with literal text, and what may follow is of bounded length or stops at its own first character,
# so that none looks at the same text repeatedly.
_BLANKED = (
    re.compile(r"~~(?=[^\s~])[^~]{1,1000}~~"),
    re.compile(r"!\[[^\[\]]{0,500}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])"),
    re.compile(r"\[(?:\^|-?@)[^\[\]]{1,200}\]:?"),
    re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,2000}>"),
)
_ADDRESS = r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s+[\"'][^()]{0,300})?\)"
_LINK = re.compile(rf"\[(?P<label>[^\[\]]{{1,1000}})\](?:{_ADDRESS}|\[[^\[\]]{{0,200}}\])")
_URL = re.compile(r"https?://[^\s<>()\[\]|]{1,2000}")
_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|del|div|em|font|i|ins|li|mark|ol|p|small|span|strong|su[bp]|u|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(nbsp|ensp|emsp|thinsp|#160|#xa0|lt|gt|le|ge|amp|percnt|plusmn);", re.IGNORECASE)
_CHARACTERS = {"lt": "<", "gt": ">", "le": "≤", "ge": "≥", "amp": "&", "percnt": "%", "plusmn": "±"}
_EMPHASIS = (
    re.compile(r"(?<![\w*\\])(\*{1,3})((?=[^\s*])[^*]{1,1000}(?<=[^\s\\]))\1(?!\*)"),
    re.compile(r"(?<![\w\\])(_{1,3})((?=[^\s_])[^_]{1,1000}(?<=[^\s\\]))\1(?!\w)"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_TICKS = re.compile(r"`+")


def _blanked(match: re.Match[str]) -> str:
    return blank(match[0])


def _link(match: re.Match[str]) -> str:
    """Keep a link's words; its brackets and address go."""
    return " " + match["label"] + blank(match[0][len(match["label"]) + 1 :])


def _entity(match: re.Match[str]) -> str:
    return _CHARACTERS.get(match[1].lower(), " ").rjust(len(match[0]))


def _emphasis(match: re.Match[str]) -> str:
    return blank(match[1]) + match[2] + blank(match[1])


def _without_code(text: str) -> str:
    """Blank what is between two equally long runs of backticks, as CommonMark pairs them."""
    if "`" not in text:
        return text
    runs = list(_TICKS.finditer(text))
    later: dict[int, list[int]] = defaultdict(list)
    for index in range(len(runs) - 1, -1, -1):
        later[len(runs[index][0])].append(index)
    parts: list[str] = []
    done = index = 0
    while index < len(runs):
        opening = runs[index]
        same = later[len(opening[0])]
        while same and same[-1] <= index:
            same.pop()
        if not same:
            index += 1
            continue
        closing = runs[same[-1]]
        parts += [text[done : opening.start()], blank(text[opening.start() : closing.end()])]
        done = closing.end()
        index = same[-1] + 1
    return "".join((*parts, text[done:]))
