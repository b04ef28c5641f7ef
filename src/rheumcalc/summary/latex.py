"""The table of a summary in LaTeX, with the rules of booktabs."""

from __future__ import annotations

from rheumcalc.messages import visible
from rheumcalc.summary.grid import Grid, grid_of
from rheumcalc.summary.table import Padding, SummaryTable

#: Stand for a digit and a decimal mark that are not there, until the text around them is escaped.
_PAD = Padding("\u2007", "\u2008")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "–": "--",
        "—": "---",
        "−": r"\(-\)",
        "≤": r"\(\leq\)",
        "≥": r"\(\geq\)",
        "±": r"\(\pm\)",
        "×": r"\(\times\)",
        "→": r"\(\rightarrow\)",
        "·": r"\(\cdot\)",
        "…": r"\ldots{}",
        "\u00a0": "~",
        "\u2009": r"\,",
        "\u202f": r"\,",
        "\u2007": r"\phantom{0}",
        "\u2008": r"\phantom{.}",
        "�": "?",
    }
)
#: How many lines fit on one page; a longer table runs on.
_ONE_PAGE = 40


def render_table(table: SummaryTable) -> str:
    """Return the table; one with many lines is a longtable, which runs on over pages."""
    grid = grid_of(table, _PAD)
    is_long = len(grid.rows) > _ONE_PAGE
    packages = r"\usepackage[T1]{fontenc} \usepackage{booktabs}" + (r" \usepackage{longtable}" if is_long else "")
    columns = "@{}" + "".join("r" if column.is_number else "l" for column in grid.columns) + "@{}"
    caption = rf"\caption{{{escape(table.caption)}}}"
    head = " & ".join(escape(column.title) for column in grid.columns) + r" \\"
    notes = "\n\n".join(_note(note.mark, note.text) for note in table.notes)
    lines = [f"% {packages}"]
    if is_long:
        lines += [rf"\begin{{longtable}}{{{columns}}}", caption + r"\\", r"\toprule", head, r"\midrule", r"\endhead"]
        lines += [r"\bottomrule", r"\endfoot", *_body(grid), r"\end{longtable}"]
        lines += [r"{\footnotesize\noindent", notes, r"\par}"]
    else:
        lines += [r"\begin{table}", caption, r"\centering", rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head]
        lines += [r"\midrule", *_body(grid), r"\bottomrule", r"\end{tabular}", r"\par\smallskip"]
        lines += [r"\begin{minipage}{\linewidth}\footnotesize\raggedright", notes, r"\end{minipage}", r"\end{table}"]
    return "\n".join(lines)


def _body(grid: Grid) -> list[str]:
    lines = []
    for number, (cells, marks) in enumerate(zip(grid.rows, grid.marks, strict=True)):
        if number in grid.headings:
            if number:
                lines.append(r"\addlinespace")
            lines.append(rf"\multicolumn{{{len(cells)}}}{{@{{}}l}}{{\textbf{{{escape(grid.headings[number])}}}}} \\")
        shown = [escape(cell) for cell in cells]
        if marks:
            shown[-1] += rf"\textsuperscript{{{','.join(marks)}}}"
        # A row that began with a bracket would be the length of the line before it.
        lines.append(" & ".join(rf"{{}}{cell}" if cell.startswith(("[", "*")) else cell for cell in shown) + r" \\")
    return lines


def _note(mark: str | None, text: str) -> str:
    return (rf"\textsuperscript{{{mark}}} " if mark else "") + escape(text)


def escape(text: str) -> str:
    """Return text that LaTeX sets as it is."""
    return visible(text).translate(_SPECIAL)
