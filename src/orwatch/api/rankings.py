"""The keyed record of the rankings, by day, week or month, from 2025-01-01 on."""

from __future__ import annotations

from datetime import date

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.domain.records import Grain

PATH = "/datasets/rankings-daily"
FIRST_DAY = date(2025, 1, 1)
"""Where the dataset begins; an earlier start is moved up by the API, an earlier end refused."""
LONGEST_SPAN = 366
"""Days that one request may ask for, first and last included."""


async def rankings(client: Client, grain: Grain, start: date, end: date) -> tuple[decode.Rankings, Answer]:
    """The listings of the periods from `start` to `end`, inclusive (UTC).

    The API may refuse the running day as `end`: an AnswerError with status 400. Raises KeyMissingError without a key,
    and the SourceError family.
    """
    window = {"start_date": start.isoformat(), "end_date": end.isoformat(), "period": grain.value}
    answer = await client.get(PATH, window, keyed=True)
    return decode.rankings(answer.body, grain), answer
