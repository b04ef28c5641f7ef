"""Time `rheumcalc check RECORD` against `minimal.py`: whole processes in turn, bytecode compiled.

usage: python benchmarks/startup.py [RECORD] [--runs N]

Prints the median of each and the median of the ratios, pair by pair, which a drifting machine disturbs least. The
ratio is meant to stay at or below 1.25.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORD = HERE.parent / "data" / "studies" / "zhang-2023-tofacitinib-jdm.yaml"
CEILING = 1.25


def seconds(command: list[str]) -> float:
    """Return the wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def warm(*commands: list[str]) -> None:
    """Run each command once, so that what it imports is compiled, dependencies too, and in the memory of the system."""
    import rheumcalc

    compileall.compile_dir(str(Path(rheumcalc.__file__).parent), quiet=1)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def main() -> int:
    """Time both in turn and print the figures; return 1 where the ratio is above the ceiling."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("record", nargs="?", default=str(RECORD))
    parser.add_argument("--runs", type=int, default=21)
    arguments = parser.parse_args()
    check = [str(Path(sys.executable).parent / "rheumcalc"), "check", arguments.record]
    minimal = [sys.executable, str(HERE / "minimal.py"), arguments.record]
    warm(check, minimal)
    pairs = [(seconds(check), seconds(minimal)) for _ in range(arguments.runs)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"check   {statistics.median(a for a, _ in pairs) * 1000:6.0f} ms (median of {arguments.runs})")
    print(f"minimal {statistics.median(b for _, b in pairs) * 1000:6.0f} ms")
    print(f"ratio   {ratio:6.2f}    (meant to stay at or below {CEILING})")
    return int(ratio > CEILING)


if __name__ == "__main__":
    sys.exit(main())
