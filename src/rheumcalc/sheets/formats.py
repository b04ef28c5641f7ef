"""What a spreadsheet program displays for a stored number: the printed text is that of the cell's format."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

#: How many significant digits spreadsheet programs show of a stored number.
_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
#: More significant digits than anybody prints: a number that has more was computed and never rounded.
MOST_DIGITS = 12
#: How many significant digits of such a number are taken for printed.
_COMPUTED = Context(prec=6, rounding=ROUND_HALF_UP)

#: Colours, conditions and currencies; spaces as wide as a character; fillers; escaped and quoted texts.
_DECORATION = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'\\(.)|"([^"]*)"')
_NUMBER = re.compile(r"(?P<whole>[#0?,]*[#0?])(?:\.(?P<fixed>0*)(?P<optional>[#?]*))?(?P<percent>%)?")
_NUMERAL = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
#: The longest numeral that is looked at, in characters.
_LONGEST = 40


def displayed(value: float, number_format: str) -> str:
    """Return a number as a format such as `0.0%` or `#,##0` displays it, without grouping.

    A format that is not known is taken for General: all digits of the number, so that no digits are reported as printed
    that may not be.
    """
    exact = _EXCEL_DIGITS.create_decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    section = _DECORATION.sub("", number_format.partition(";")[0])
    literals = "".join(escaped or quoted for escaped, quoted in _LITERAL.findall(section)).strip()
    match = _NUMBER.fullmatch(_LITERAL.sub("", section).strip())
    if match is None or literals not in ("", "%") or (literals and match["percent"]):
        return _plain(exact)
    if match["percent"]:
        exact *= 100
    fixed, optional = len(match["fixed"] or ""), len(match["optional"] or "")
    rounded = exact.quantize(Decimal(1).scaleb(-(fixed + optional)), ROUND_HALF_UP, Context(prec=400))
    text = f"{rounded:f}"
    for _ in range(optional):
        text = text.removesuffix("0")
    return text.removesuffix(".") + (match["percent"] or literals)


def shortened(text: str) -> str:
    """Return a numeral of more digits than anybody prints at six of them: `18.1818` for `18.181818181818183`.

    Exponents are written out. Any other text is returned as it is.
    """
    numeral = text.strip()
    if len(numeral) > _LONGEST or not _NUMERAL.fullmatch(numeral):
        return text
    digits = numeral.lstrip("+-0.,").replace(".", "").replace(",", "")
    has_mark = "." in numeral or "," in numeral
    if "e" not in numeral.lower() and (not has_mark or len(digits) <= MOST_DIGITS):
        return text
    return _plain(_COMPUTED.create_decimal(numeral.replace(",", ".")))


def _plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros that only its computation added."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
