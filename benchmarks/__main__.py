"""`python -m benchmarks [--quick] [NAME …]`: prints each figure beside its yardstick, medians of this one run."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import commands, inside, screen
from benchmarks.bench import Bench, Row

MEASURED: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start": commands.start,
    "paint": screen.first_paint,
    "filter": screen.filter_keys,
    "step": screen.period_step,
    "refresh": inside.reading,
    "decode": inside.decoding,
    "sync": inside.syncing,
    "memory": screen.memory,
    "idle": screen.idle,
}


def main() -> None:
    """Measures what is asked for, all of it unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURED)}; all of them by default")
    parser.add_argument("--quick", action="store_true", help="a quarter of the repetitions")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in MEASURED]
    if unknown:
        parser.error(f"{unknown[0]!r} is none of {', '.join(MEASURED)}")
    print(f"{'':<42} {'median':>9} {'':<12} {'beside':<20} {'':>9} {'ratio':>7}  limit", flush=True)
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(Path(work), options.quick)
        for name in options.names or MEASURED:
            for row in MEASURED[name](bench):
                limit = "" if row.limit is None else f"{row.limit:5.2f}{' !' if row.ratio > row.limit else ''}"
                print(
                    f"{row.what:<42} {row.value:>9.2f} {row.unit:<12} {row.of:<20} {row.beside:>9.2f} {row.ratio:>7.2f}  {limit}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
