"""Reduce HTML to the tags and the few attributes that matter, so that nothing hostile in it reaches a parser.

Parsers of HTML take quadratic time on a tag with very many attributes. What is returned here has four at most.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: A comment, a declaration, or a tag with its attributes, quoted as browsers understand it.
_MARKUP = re.compile(
    r"<(?:(?P<comment>!--)|[!?]|/(?![A-Za-z])"
    r"|(?P<close>/?)(?P<tag>[A-Za-z][^\s/>]*+)(?P<rest>(?:[^>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+')?)*+)>?)"
)
_COMMENT_END = re.compile(r"--!?>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:-]{0,30}")
#: Elements whose content is not text of the page.
_RAW = frozenset(["script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title", "noscript"])
_KEPT = re.compile(r"colspan|rowspan|hidden|style|role", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?P<name>[^\s=/>\"']+)(?:\s*=\s*(?P<value>\"[^\"]*+\"|'[^']*+'|[^\s>]*))?")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
#: The most of a tag's attributes that is looked at, in characters.
_MAX_ATTRIBUTES = 20_000


class Reduced(NamedTuple):
    """HTML with its essential tags, line for line, and whether its end was lost in an element that is never closed."""

    text: str
    unclosed: str | None = None


def reduce_html(text: str) -> Reduced:
    """Return HTML without scripts, styles, unrelated comments and most attributes, every line in its place."""
    parts: list[str] = []
    done = 0
    while match := _MARKUP.search(text, done):
        parts.append(text[done : match.start()].replace("<", "&lt;"))
        done = match.end()
        if match["comment"]:
            end = _COMMENT_END.search(text, match.start() + 2)
            done = end.end() if end else len(text)
            comment = text[match.start() : done]
            parts.append(comment if end and "rheumcalc" in comment else _lines(comment))
        elif match["tag"] is None:
            end_of_declaration = text.find(">", done)
            done = end_of_declaration + 1 if end_of_declaration >= 0 else len(text)
            parts.append(_lines(text[match.start() : done]))
        else:
            tag = match["tag"].lower()
            if tag in _RAW:
                if not match["close"] and not match["rest"].endswith("/"):
                    end = re.compile(rf"</{tag}(?=[\s/>])[^>]*+>?", re.IGNORECASE).search(text, done)
                    if end is None:
                        return Reduced("".join(parts), tag)
                    done = end.end()
                parts.append(_lines(text[match.start() : done]))
            else:
                name = tag if _NAME.fullmatch(tag) else "span"
                kept = "" if match["close"] else _attributes(match["rest"])
                parts.append(f"<{match['close']}{name}{kept}{_lines(match[0])}>")
    parts.append(text[done:].replace("<", "&lt;"))
    return Reduced("".join(parts))


def _lines(text: str) -> str:
    return "\n" * text.count("\n")


def _attributes(text: str) -> str:
    if not _KEPT.search(text):
        return ""
    kept: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:_MAX_ATTRIBUTES]):
        name, value = match["name"].lower(), (match["value"] or "").strip("\"'")
        if name in ("colspan", "rowspan") and re.fullmatch("[0-9]{1,4}", value.strip()):
            kept.setdefault(name, f' {name}="{value.strip()}"')
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and _HIDING.search(value))
        ):
            kept["hidden"] = ' hidden="hidden"'
        elif name == "role" and value in ("presentation", "none"):
            kept["role"] = ' role="none"'
    return "".join(kept.values())
