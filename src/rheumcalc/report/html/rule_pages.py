"""The page of a rule as HTML: headings below those around it, and no link that leaves the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

#: How much deeper a page's headings stand than they are written.
_DEEPER = 2
_RULE = re.compile(r"RC[0-9]{3}")


def rule_page(text: str, shown: Collection[str]) -> str:
    """Return a rule's page, without its title, as HTML; a link to a rule that is `shown` goes there."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + _DEEPER)}"
        if token.children:
            token.children = list(_bound(token.children, shown))
    return str(parser.renderer.render(tokens, parser.options, {}))


def _bound(tokens: list[Token], shown: Collection[str]) -> Iterator[Token]:
    """Yield the tokens of a line with its links made words, but for those to a rule that the file has too."""
    from markdown_it.token import Token

    ends: list[Token] = []
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            rule = _RULE.search(address)
            if rule is not None and rule[0] in shown and "://" not in address:
                token.attrs = {"href": f"#rule-{rule[0]}"}
                ends.append(Token("link_close", "a", -1))
                yield token
            else:
                # An address in angle brackets is its own words.
                words = "" if token.info == "auto" else f" ({address})"
                ends.append(Token("text", "", 0, content=words))
        elif token.type == "link_close":
            yield ends.pop()
        else:
            yield token
