"""Weekly tokens used for programming: the rankings with a filter, sampled and scaled up by the source. Needs a key."""

from __future__ import annotations

from datetime import date
from typing import Final

from orwatch.api.client import Answer, Client
from orwatch.api.rankings import PATH, RankingsAnswer, read
from orwatch.domain.periods import Grain

USE_CASE: Final = "programming"


async def fetch(client: Client, start: date, end: date) -> tuple[RankingsAnswer, Answer]:
    """The weeks that begin from `start` to `end`, of the use case alone. Raises as `Client.get` does."""
    window = {"start_date": start.isoformat(), "end_date": end.isoformat(), "period": Grain.WEEK.value}
    answer = await client.get(PATH, window | {"category": USE_CASE}, keyed=True)
    return read(answer.body, Grain.WEEK), answer
