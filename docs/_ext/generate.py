"""Sphinx extension: write the pages that the code itself is the source of, before the others are read.

`docs/_generated/` gets the record reference (from the pydantic model), the command reference (from the command line's
own help), the rules (from `RULES` and the rules' pages), the Python API's list of names and the forms of results (from
`CONSTRUCTIONS`). Nothing in it is edited.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import rheumcalc
from rheumcalc.prose.constructions import CONSTRUCTIONS
from rheumcalc.record import model
from rheumcalc.rules import RULES, Rule

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# --- the record ------------------------------------------------------------------------------------------------------

#: What the model's own kinds of value are called, by the name of the annotation in the model.
VALUE_WORDS = {
    "Count": "a count",
    "SampleSize": "a count above 0",
    "Number": "a number as printed",
    "Probability": "a p-value",
    "Level": "a confidence level",
    "Result": "a result as printed",
    "Time": "a time",
    "Duration": "a length of time",
    "Flag": "yes or no",
    "Line": "text",
    "Name": "a name",
}

#: The headings of the parts of a record, in the words of the reference.
PART_HEADINGS = {
    "Study": "The study",
    "Citation": "Citation",
    "FollowUp": "Follow-up",
    "Population": "A population or an arm",
    "Allocation": "An allocation",
    "FlowStep": "A step of the flow",
    "Definition": "A definition",
    "Outcome": "An outcome",
    "Cell": "A result",
    "Mean": "A mean",
    "Median": "A median",
    "Rate": "A rate",
    "Effect": "An effect",
    "Ladder": "A ladder",
    "Ignore": "An ignore",
}

_WORDS = {id(getattr(model, name).__metadata__[0]): words for name, words in VALUE_WORDS.items()}


def parts() -> Iterator[type[model.Part]]:
    """Yield every part that a record can have, the record itself first, in the order they are met."""
    seen: list[type[model.Part]] = [model.Study]
    for part in seen:
        yield part
        for hint in _hints(part).values():
            seen += [inner for inner in _parts_in(hint) if inner not in seen]


def _hints(part: type[model.Part]) -> dict[str, Any]:
    hints = get_type_hints(part, include_extras=True)
    return {name: hints[name] for name in part.model_fields}


def _parts_in(hint: Any) -> list[type[model.Part]]:
    if inspect.isclass(hint) and issubclass(hint, model.Part):
        return [hint]
    return [part for argument in get_args(hint) for part in _parts_in(argument)]


def heading(part: type[model.Part]) -> str:
    """Return the heading of a part; a part without one is a gap in this file (KeyError)."""
    return PART_HEADINGS[part.__name__]


def anchor(text: str) -> str:
    """Return the anchor that MyST gives a heading."""
    return "".join(letter for letter in text.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


def describe(hint: Any) -> str:
    """Return what a key's value is, in plain words. A kind of value that has no words is an error (KeyError)."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        words = next((_WORDS[id(extra)] for extra in hint.__metadata__ if id(extra) in _WORDS), None)
        return words or describe(arguments[0])
    if origin in (Union, UnionType):
        return " or ".join(describe(argument) for argument in arguments if argument is not NoneType)
    if origin is Literal:
        return _one_of(str(value) for value in arguments)
    if origin is tuple:
        return f"a list, each item {describe(arguments[0])}"
    if origin in (dict, Mapping):
        return f"a mapping from {describe(arguments[0])} to {describe(arguments[1])}"
    if inspect.isclass(hint) and issubclass(hint, model.Part):
        name = heading(hint)
        return f"[{name[0].lower()}{name[1:]}](#{anchor(name)})"
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return _one_of(str(member.value) for member in hint)
    raise KeyError(hint)


def _one_of(values: Iterator[str]) -> str:
    return "one of " + ", ".join(f"`{value}`" for value in values)


def _expanders(part: type[model.Part]) -> list[Callable[[Any], Any]]:
    """Return what the model does to a part before it is validated: the shorthands are there."""
    decorators = part.__pydantic_decorators__.model_validators.values()
    return [decorator.func for decorator in decorators if decorator.info.mode == "before"]


def shorthand_key(part: type[model.Part]) -> str | None:
    """Return the key that a bare value stands for, where the part can be written as one."""
    for expand in _expanders(part):
        expanded = expand("1")
        if isinstance(expanded, dict):
            return str(next(iter(expanded)))
    return None


def takes_one_or_many(part: type[model.Part], key: str) -> bool:
    """Decide whether a list of one may be written without its dash."""
    field = next(each for name, each in part.model_fields.items() if key in (name, each.alias))
    return any(isinstance(mark, model.OneOrMany) for mark in field.metadata)


def _default(field: Any) -> str:
    value = None if field.is_required() else field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    return f"`{value}`" if value else ""


def _own_first(part: type[model.Part]) -> list[str]:
    """Return a part's keys, those it shares with other parts last: they say where it was read."""
    shared = {name for base in part.__mro__[1:] if issubclass(base, model.Part) for name in base.model_fields}
    return sorted(part.model_fields, key=lambda name: name in shared)


def undescribed() -> list[str]:
    """Return every key of the record that the model does not describe, as `Part.key`."""
    return [
        f"{part.__name__}.{field.alias or name}"
        for part in parts()
        for name, field in part.model_fields.items()
        if not field.description
    ]


def record_reference() -> str:
    """Return the reference of a record's keys: a section for each part, with a table."""
    sections = []
    for part in parts():
        lines = [f"## {heading(part)}", "", inspect.cleandoc(part.__doc__ or ""), ""]
        bare = shorthand_key(part)
        if bare:
            lines += [f"Written as a bare value, it is its `{bare}`.", ""]
        lines += ["| Key | Value | Required | Default | What it says |", "| --- | --- | --- | --- | --- |"]
        hints = _hints(part)
        for name in _own_first(part):
            field = part.model_fields[name]
            key = field.alias or name
            value = describe(hints[name])
            if takes_one_or_many(part, key):
                value += "; one item may stand without the list"
            required = "yes" if field.is_required() else "no"
            cells = (f"`{key}`", value, required, _default(field), field.description or "")
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
        sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# --- the commands ----------------------------------------------------------------------------------------------------


def command_reference() -> str:
    """Return the reference of the commands: a section for each, with its arguments and options."""
    import typer

    from rheumcalc.cli import app

    group: Any = typer.main.get_command(app)
    sections = [_command("rheumcalc", group, "COMMAND [ARGS]...")]
    for name, command in group.commands.items():
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        usage = " ".join(_argument(argument) for argument in arguments)
        sections.append(_command(f"rheumcalc {name}", command, usage))
    return "\n\n".join(sections) + "\n"


def _command(name: str, command: Any, usage: str) -> str:
    lines = [f"## `{name}`", "", inspect.cleandoc(command.help or ""), ""]
    lines += ["```text", f"{name} [OPTIONS] {usage}".rstrip(), "```", ""]
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name != "argument" and not param.hidden]
    if arguments:
        lines += ["| Argument | Required | What it is |", "| --- | --- | --- |"]
        for param in arguments:
            lines.append(f"| `{_argument(param)}` | {'yes' if param.required else 'no'} | {_cell(param.help or '')} |")
        lines.append("")
    lines += ["| Option | Default | What it does |", "| --- | --- | --- |"]
    for param in options:
        told = _cell(param.help or "")
        if param.multiple and "repeated" not in told:
            told += " May be repeated."
        lines.append(f"| {_option(param)} | {_option_default(param)} | {told} |")
    lines.append("| `-h`, `--help` |  | Print the help of this command and exit. |")
    return "\n".join(lines)


def _argument(param: Any) -> str:
    """Return an argument as usage lines write it: `PATH...` for one or more, `[CODE]` where it may be left out."""
    name = str(param.metavar or param.name.upper()).strip("[].")
    name += "..." if param.nargs == -1 else ""
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    value = ""
    if isinstance(param.default, Enum):
        value = " " + "\\|".join(str(member.value) for member in type(param.default))
    elif not param.is_flag:
        value = f" {_cell(param.metavar or 'VALUE')}"
    names = sorted([*param.opts, *param.secondary_opts], key=len)
    return ", ".join(f"`{name}{value}`" for name in names)


def _option_default(param: Any) -> str:
    if param.is_flag or param.default is None:
        return ""
    return f"`{param.default.value if isinstance(param.default, Enum) else param.default}`"


# --- the rules -------------------------------------------------------------------------------------------------------

#: The families of rules, by the first digit of their codes.
FAMILIES = {
    "0": "Files",
    "1": "Counts and totals",
    "2": "Percentages and rounding",
    "3": "Denominators and analysis sets",
    "4": "Intervals and effects",
    "5": "Granularity",
    "6": "Participant flow",
    "7": "Draft against record",
    "8": "Time, definitions and wording",
    "9": "Ignores and markers",
}


def rule_index() -> str:
    """Return the list of rules: a table for each family, each rule linked to its page."""
    lines = []
    for digit, family in FAMILIES.items():
        members = [rule for rule in RULES if rule.code[2] == digit]
        if not members:
            continue
        lines += [f"## {family}", "", "| Rule | Severity | What it finds |", "| --- | --- | --- |"]
        for rule in members:
            link = f"[{rule.code} {rule.name}](_generated/{page_name(rule)})"
            off = "" if rule.default else " Off unless selected."
            summary = f"{rule.summary[0].upper()}{rule.summary[1:]}.{off}"
            lines.append(f"| {link} | {rule.severity.value} | {_cell(summary)} |")
        lines.append("")
    lines += ["```{toctree}", ":hidden:", "", *(f"_generated/{page_name(rule)}" for rule in RULES), "```"]
    return "\n".join(lines) + "\n"


def page_name(rule: Rule) -> str:
    """Return the path of a rule's page below the folder of generated pages."""
    return f"rules/{rule.code}-{rule.name}.md"


# --- the Python API --------------------------------------------------------------------------------------------------


def api_reference() -> str:
    """Return autodoc directives for every public name, functions first."""
    functions, classes, values = [], [], []
    for name in sorted(rheumcalc.__all__, key=str.lower):
        thing = getattr(rheumcalc, name)
        if inspect.isclass(thing):
            # The members of an enumeration are its values; elsewhere a member without words is an inner matter.
            values_too = "   :undoc-members:\n" if issubclass(thing, Enum) else ""
            classes.append(f".. autoclass:: rheumcalc.{name}\n   :members:\n{values_too}")
        elif callable(thing):
            functions.append(f".. autofunction:: rheumcalc.{name}\n")
        else:
            values.append(f".. py:data:: rheumcalc.{name}\n\n   {VALUES[name]}\n")
    sections = (("Functions", functions), ("Classes", classes), ("Values", values))
    return "\n".join(f"## {title}\n\n```{{eval-rst}}\n{chr(10).join(body)}```\n" for title, body in sections)


#: The public names that are neither a function nor a class have no docstring of their own.
VALUES = {
    "RULES": "Every rule, in the order of the codes: a tuple of `Rule`.",
    "__version__": "The version of the package, as text.",
}

# --- the constructions of results -------------------------------------------------------------------------------------

#: Where a construction is read, in the words of the reference.
PLACES = {"both": "prose and records", "prose": "prose", "record": "records"}


def form_reference() -> str:
    """Return the table of the constructions in which results are written."""
    lines = ["| Construction | Example | Read in |", "| --- | --- | --- |"]
    lines += [f"| {each.name} | `{_cell(each.reads[0])}` | {PLACES[each.where]} |" for each in CONSTRUCTIONS]
    return "\n".join(lines) + "\n"


# --- Sphinx ----------------------------------------------------------------------------------------------------------


def pages() -> dict[str, str]:
    """Return every generated page: its path below the folder of generated pages, and its text."""
    made = {"record.md": record_reference(), "cli.md": command_reference()}
    made |= {"api.md": api_reference(), "rules.md": rule_index(), "forms.md": form_reference()}
    return made | {page_name(rule): _rule_page(rule) for rule in RULES}


def _rule_page(rule: Rule) -> str:
    try:
        return rule.page
    except FileNotFoundError:
        return f"# {rule.code} {rule.name}\n\nThis rule has no page yet.\n"


def write_pages(folder: Path) -> None:
    """Write the pages that have changed, and remove those that are no more."""
    made = pages()
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()


def _before_reading(app: Sphinx) -> None:
    from sphinx.util import logging

    write_pages(Path(app.srcdir) / "_generated")
    for rule in RULES:
        try:
            rule.page  # noqa: B018 - reading it is the question
        except FileNotFoundError:
            logging.getLogger(__name__).warning("rule %s has no page", rule.code)


def _skip(_app: Sphinx, _what: str, name: str, thing: object, _skipped: bool, _options: object) -> bool | None:  # noqa: FBT001 - Sphinx's callback
    """Leave out what Python says of a named tuple's fields, their numbers, and how pydantic is set up."""
    if name == "model_config":
        return True
    return True if (getattr(thing, "__doc__", None) or "").startswith("Alias for field number") else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("builder-inited", _before_reading)
    app.connect("autodoc-skip-member", _skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
