"""The commands, as whole processes."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import MODELS, PASS, YEARS, Bench, Row, median
from benchmarks.screen import GROWTH


def start(bench: Bench) -> Iterator[Row]:
    """`--help`, the line of a prompt, and `top` from a cache, beside a Python that does nothing."""
    top = {
        size: bench.orwatch("top", "--format", "json", years=size[0], models=size[1])
        for size in ((YEARS, MODELS), *GROWTH)
    }
    line = bench.orwatch("status", "--format", "line")
    commands = {"pass": PASS, "help": [*bench.orwatch()[:1], "--help"], "line": line}
    commands |= {str(size): top[size] for size in top}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(bench.times(16) + 1):
        for name, command in commands.items():
            took = bench.process(command)
            if turn:
                times[name].append(took)
    nothing = median(times["pass"])
    yield Row("--help", median(times["help"]), "ms", "python -c pass", nothing, 4.5)
    yield Row("status --format line, again", median(times["line"]), "ms", "python -c pass", nothing, 5.0)
    for years, models in top:
        limit = 9.0 if (years, models) == (YEARS, MODELS) else None
        what = f"top --format json, {years} year{'s' * (years > 1)}, {models} models"
        yield Row(what, median(times[str((years, models))]), "ms", "python -c pass", nothing, limit)
