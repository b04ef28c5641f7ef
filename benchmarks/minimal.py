"""The least a checker with these dependencies can cost: the baseline of `startup.py`.

One typer command, one pydantic model, a YAML read and a rich table of one row.
"""

from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

app = typer.Typer()


class Record(BaseModel):
    """What is read of a record here."""

    model_config = ConfigDict(extra="ignore")

    id: str


@app.command()
def show(path: Annotated[Path, typer.Argument()]) -> None:
    """Print the id of a record."""
    record = Record.model_validate(yaml.load(path.read_bytes(), yaml.CSafeLoader))
    table = Table("id")
    table.add_row(record.id)
    Console().print(table)


if __name__ == "__main__":
    app()
