"""The citation that goes along wherever figures leave the screen: all of its words, and its addresses as links (OSC 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from orwatch.archive import AS_OF
from orwatch.present.formats import day, moment, short_moment

PAGE: Final = "openrouter.ai/rankings"
URL: Final = f"https://{PAGE}"
NAMED: Final = f"OpenRouter ({PAGE})"
"""The source, as it is cited."""
SOURCE: Final = f"Source: {NAMED}"
LICENCE: Final = "CC BY 4.0"
APPS: Final = "openrouter.ai/apps"
MODELS: Final = "openrouter.ai/models"
DATA_API: Final = "openrouter.ai/docs/cookbook/administration/data-api"
LICENSED: Final = f"Licensed under {LICENCE}."
"""To be added where data that is under the licence is republished: all of it but prices and hosts."""
AGGREGATED: Final = "Aggregated by orwatch."
ATTRIBUTED: Final = "Countries of vendors by orwatch, from public sources."


def citation(source: str, as_of: datetime) -> str:
    """The line that names source and time; in the demo the time of the recorded figures that it replays."""
    replayed = source == "demo"
    return f"{SOURCE}, as of {moment(AS_OF)}, replayed." if replayed else f"{SOURCE}, as of {moment(as_of)}."


def models_citation(source: str, seen: datetime | date) -> str:
    """The line that names the source of prices and hosts, and when they were seen."""
    line = cited(MODELS, seen)
    return f"{line[:-1]}, replayed." if source == "demo" else line


def short_citation(source: str, as_of: datetime) -> str:
    """The same where there is little room."""
    return f"{PAGE}, replayed" if source == "demo" else f"{PAGE}, as of {short_moment(as_of)}"


def cited(page: str, as_of: datetime | date) -> str:
    """The line for figures of another of OpenRouter's pages; of those of `MODELS`, which has no licence, when they were seen."""
    when = moment(as_of) if isinstance(as_of, datetime) else as_of.isoformat()
    if page == MODELS:
        return f"Source: OpenRouter ({page}), seen {when}."
    return f"Source: OpenRouter{' Data API' if page == DATA_API else ''} ({page}), as of {when}."


def footers(source: str, as_of: datetime, what: str, seen: date) -> tuple[str, str]:
    """The sources of what is made of the rankings with prices or hosts (`what`), at length and in short. seen: the day of these."""
    also = f"{MODELS}, {day(seen)}"
    return f"{citation(source, as_of).rstrip('.')}; {what} {also}", f"{PAGE}; {also}"


def record_citation(dataset: str, as_of: datetime | date, own: str | None = None) -> str:
    """The line for a record of the wider market, with the licence where it has one. own: as its source wants to be cited."""
    pages = {"apps": APPS, "app-categories": APPS, "session-cost": DATA_API, "hosts": MODELS}
    page = pages.get(dataset, PAGE)
    if dataset.startswith("benchmarks/") and own is None:
        page = MODELS  # what the list of models repeats
    line = cited(page, as_of) if own is None else own
    return line if page == MODELS else f"{line} {LICENSED}"


def export_citation(source: str, as_of: datetime, *, computed: bool) -> str:
    """The citation with licence, and a word where orwatch computed the figures (composed weeks, country sums)."""
    parts = [citation(source, as_of), LICENSED]
    if computed:
        parts.append(AGGREGATED)
    return " ".join(parts)


# Addresses as links of a terminal: what is shown of one is where it leads to

ADDRESS: Final = re.compile(
    r"(?<![\w./@:-])(?:https://)?(?:www\.)?(?:openrouter|artificialanalysis|designarena)\.ai(?:/[\w./-]*\w)?(?![\w-])",
    re.ASCII,
)
"""An address of a source as citations have it, with or without its scheme. No other becomes a link: names are foreign text."""

WITHOUT: Final = ("", "dumb", "linux")
"""Terminals, by TERM, that show the sequence or do nothing with it."""


def links_wanted(setting: str, env: Mapping[str, str]) -> bool:
    """Whether a terminal is given links. setting: auto, on or off; FORCE_HYPERLINK goes before it: 0 for none, else on."""
    forced = env.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    return setting == "on" or (setting == "auto" and env.get("TERM", "") not in WITHOUT)


def target(address: str) -> str:
    """Where an address leads to."""
    return address if "://" in address else f"https://{address}"


def linked(text: str) -> str:
    """Text with its addresses as links."""
    return ADDRESS.sub(lambda found: f"\x1b]8;;{target(found[0])}\x1b\\{found[0]}\x1b]8;;\x1b\\", text)
