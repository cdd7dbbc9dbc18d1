"""The demo's API: shapes, windows, keys and errors of OpenRouter's, at the demo's own present."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from orwatch.demo import ATTRIBUTION, DEMO_BASE_URL, DEMO_END, DEMO_KEY, DEMO_START
from orwatch.demo.transport import DemoClock, transport

RANKINGS = "/datasets/rankings-daily"
EXPORTS = "/datasets/exports"


class Real:
    """A real clock that a test moves by hand, in seconds."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def clock_at(moment: str) -> DemoClock:
    return DemoClock(datetime.fromisoformat(moment).replace(tzinfo=UTC), 0.0, DEMO_END, Real())


def client_at(moment: str, key: str | None = DEMO_KEY) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=DEMO_BASE_URL, headers=headers, transport=transport(clock_at(moment)))


def get(moment: str, path: str, key: str | None = DEMO_KEY, **query: str) -> httpx.Response:
    with client_at(moment, key) as client:
        return client.get(path, params=query)


def error(response: httpx.Response) -> tuple[int, Any]:
    assert response.headers["content-type"] == "application/json"
    assert response.json()["error"]["code"] == response.status_code
    return response.status_code, response.json()["error"]["message"]


# The clock


def test_clock_runs_at_its_speed() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 3600.0, DEMO_END, real)
    real.seconds += 2.5
    assert clock.now() == DEMO_START + timedelta(hours=2.5)


def test_clock_holds_while_paused_and_runs_on_from_there() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 60.0, DEMO_END, real)
    real.seconds += 10
    clock.pause()
    real.seconds += 1000
    assert clock.paused
    assert clock.now() == DEMO_START + timedelta(minutes=10)
    clock.resume()
    real.seconds += 5
    assert clock.now() == DEMO_START + timedelta(minutes=15)


def test_pausing_or_resuming_twice_changes_nothing() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 60.0, DEMO_END, real)
    clock.resume()
    real.seconds += 1
    clock.pause()
    clock.pause()
    assert clock.now() == DEMO_START + timedelta(minutes=1)


def test_clock_stops_at_its_end() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 604800.0, DEMO_END, real)
    real.seconds += 1e12
    assert clock.now() == datetime(2026, 6, 29, 2, tzinfo=UTC)
    assert clock.at_end


def test_clock_is_not_at_its_end_before_it() -> None:
    assert not DemoClock(DEMO_END - timedelta(seconds=1), 1.0, DEMO_END, Real()).at_end


def test_clock_that_starts_after_its_end_stands_at_the_end() -> None:
    assert DemoClock(DEMO_END + timedelta(days=1), 1.0, DEMO_END, Real()).now() == DEMO_END


def test_clock_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DemoClock(datetime(2026, 2, 2), 1.0, DEMO_END, Real())  # noqa: DTZ001


# Rankings


def test_week_has_fifty_rows_and_other_last_with_tokens_as_strings() -> None:
    body = get("2026-06-08T02:00", RANKINGS, period="week", start_date="2026-06-01", end_date="2026-06-07").json()
    rows = body["data"]
    assert rows[0] == {
        "date": "2026-06-01",
        "model_permaslug": "deepseek/deepseek-v4-flash-20260423",
        "total_tokens": "3690000000000",
    }
    assert len(rows) == 51
    assert rows[-1]["model_permaslug"] == "other"
    assert sum(int(row["total_tokens"]) for row in rows) == 36_100_000_000_000
    named = [(-int(row["total_tokens"]), row["model_permaslug"]) for row in rows[:-1]]
    assert named == sorted(named)


def test_meta_tells_the_demos_present_and_the_window() -> None:
    body = get("2026-06-08T02:00:05", RANKINGS, start_date="2026-06-01", end_date="2026-06-07").json()
    assert body["meta"] == {
        "as_of": "2026-06-08T02:00:05.000Z",
        "version": "v1",
        "start_date": "2026-06-01",
        "end_date": "2026-06-07",
    }


def test_default_window_is_the_thirty_days_before_today() -> None:
    body = get("2026-06-08T02:00", RANKINGS).json()
    assert (body["meta"]["start_date"], body["meta"]["end_date"]) == ("2026-05-09", "2026-06-07")
    assert len({row["date"] for row in body["data"]}) == 30


def test_start_before_the_api_begins_is_moved_up() -> None:
    body = get("2026-02-02T00:00", RANKINGS, start_date="2024-06-01", end_date="2025-12-31").json()
    assert body["meta"]["start_date"] == "2025-01-01"
    assert body["data"] == []


def test_days_after_the_present_do_not_exist() -> None:
    body = get("2026-02-10T00:00", RANKINGS, start_date="2026-02-08", end_date="2026-02-20").json()
    assert sorted({row["date"] for row in body["data"]}) == ["2026-02-08", "2026-02-09"]


def test_running_day_is_in_proportion() -> None:
    window = {"start_date": "2026-02-10", "end_date": "2026-02-10"}
    noon = get("2026-02-10T12:00", RANKINGS, **window).json()["data"]
    whole = get("2026-02-11T00:00", RANKINGS, **window).json()["data"]
    assert [int(row["total_tokens"]) for row in noon] == [int(row["total_tokens"]) // 2 for row in whole]


def test_running_week_holds_the_days_so_far() -> None:
    query = {"start_date": "2026-02-09", "end_date": "2026-02-12"}
    week = get("2026-02-12T00:00", RANKINGS, period="week", **query).json()["data"]
    days = get("2026-02-12T00:00", RANKINGS, period="day", **query).json()["data"]
    assert {row["date"] for row in week} == {"2026-02-09"}
    assert sum(int(row["total_tokens"]) for row in week) == sum(int(row["total_tokens"]) for row in days)
    assert len({row["date"] for row in days}) == 3


def test_week_is_dated_by_its_monday_and_month_by_its_first() -> None:
    query = {"start_date": "2026-03-04", "end_date": "2026-03-10"}
    weeks = get("2026-06-01T00:00", RANKINGS, period="week", **query).json()["data"]
    months = get("2026-06-01T00:00", RANKINGS, period="month", **query).json()["data"]
    assert sorted({row["date"] for row in weeks}) == ["2026-03-02", "2026-03-09"]
    assert {row["date"] for row in months} == {"2026-03-01"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"end_date": "2024-12-31"}, "end_date is before the dataset begins (2025-01-01)"),
        ({"start_date": "2026-02-02", "end_date": "2026-02-01"}, "start_date must be on or before end_date"),
        (
            {"start_date": "2025-01-01", "end_date": "2026-01-02"},
            "The maximum span between start_date and end_date is 366 days",
        ),
        ({"start_date": "2026-02-30"}, "Invalid calendar date: 2026-02-30"),
        ({"start_date": "yesterday"}, "Invalid date: expected YYYY-MM-DD"),
        ({"start_date": "20260202"}, "Invalid date: expected YYYY-MM-DD"),
        ({"period": "year"}, "Invalid period"),
    ],
)
def test_impossible_window_is_refused(query: dict[str, str], message: str) -> None:
    assert error(get("2026-06-08T02:00", RANKINGS, **query)) == (400, message)


def test_window_of_366_days_is_allowed() -> None:
    answer = get("2026-06-08T02:00", RANKINGS, start_date="2025-01-01", end_date="2026-01-01")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("key", "message"),
    [(None, "Missing Authentication header"), ("sk-other", "User not found."), ("", "User not found.")],
)
def test_rankings_need_a_key(key: str | None, message: str) -> None:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with client_at("2026-02-02T00:00", None) as client:
        assert error(client.get(RANKINGS, headers=headers)) == (401, message)


@pytest.mark.parametrize("path", ["/nothing", "/datasets/unknown", "/models/no/such/endpoints"])
def test_unknown_path_is_not_found(path: str) -> None:
    assert error(get("2026-02-02T00:00", path))[0] == 404


# Catalogue and providers


def catalogue(moment: str, **query: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = get(moment, "/models", None, **query).json()["data"]
    return data


@pytest.mark.parametrize(
    ("id_", "input_", "output"),
    [
        ("deepseek/deepseek-v3.2", "0.00000028", "0.00000042"),  # P01
        ("minimax/minimax-m2.5", "0.0000003", "0.0000011"),  # P02
        ("moonshotai/kimi-k2.5", "0.00000042", "0.0000022"),  # P03
        ("anthropic/claude-opus-4.6", "0.000005", "0.000025"),  # P04
        ("openai/gpt-5.4", "0.0000025", "0.000015"),  # P05
    ],
)
def test_published_price_is_given_per_token(id_: str, input_: str, output: str) -> None:
    (model,) = (model for model in catalogue("2026-06-29T02:00") if model["id"] == id_)
    assert model["pricing"] == {"prompt": input_, "completion": output}


def test_no_price_is_invented() -> None:
    priced = [model["id"] for model in catalogue("2026-06-29T02:00") if model["pricing"]]
    free = [id_ for id_ in priced if id_.endswith(":free")]
    assert len(priced) == len(free) + 5
    assert all(
        model["pricing"] == {"prompt": "0", "completion": "0"}
        for model in catalogue("2026-06-29T02:00")
        if model["id"].endswith(":free")
    )


def test_every_ranked_model_joins_the_catalogue_of_that_day() -> None:
    for moment in ("2026-02-02T00:00", "2026-02-09T12:00", "2026-04-06T00:00", "2026-05-04T12:00", "2026-06-29T00:00"):
        listed = {
            model["canonical_slug"] + (":free" if model["id"].endswith(":free") else "") for model in catalogue(moment)
        }
        rows = get(moment, RANKINGS, end_date=moment[:10]).json()["data"]
        assert {row["model_permaslug"] for row in rows} - {"other"} <= listed


def test_model_is_listed_under_its_own_name_from_its_day_on() -> None:
    before = {model["id"] for model in catalogue("2026-05-31T12:00")}
    after = {model["id"]: model for model in catalogue("2026-06-01T00:00")}
    assert "minimax/minimax-m3" not in before
    assert after["minimax/minimax-m3"]["name"] == "MiniMax: MiniMax M3"
    assert after["deepseek/deepseek-v4-flash"]["name"] == "DeepSeek: DeepSeek V4 Flash"
    assert after["deepseek/deepseek-v4-flash"]["canonical_slug"] == "deepseek/deepseek-v4-flash-20260423"
    assert after["tencent/hy3-preview:free"]["name"] == "Tencent: Hy3 preview (free)"


def test_ids_are_unique() -> None:
    ids = [model["id"] for model in catalogue("2026-06-29T00:00")]
    assert len(ids) == len(set(ids))


def test_catalogue_sorts_by_the_tokens_of_the_last_week() -> None:
    first = [model["id"] for model in catalogue("2026-06-08T00:00", sort="top-weekly")[:3]]
    assert first == ["deepseek/deepseek-v4-flash", "tencent/hy3-preview", "minimax/minimax-m3"]


def test_catalogue_pages_by_limit_and_offset() -> None:
    whole = get("2026-06-29T00:00", "/models", None).json()
    first = get("2026-06-29T00:00", "/models", None, limit="60").json()
    second = get("2026-06-29T00:00", "/models", None, limit="60", offset="60").json()
    assert whole["links"] == {"next": None}
    assert first["links"] == {"next": "/api/v1/models?offset=60&limit=60"}
    assert first["data"] + second["data"] == whole["data"]
    assert second["links"] == {"next": None}
    assert first["total_count"] == len(whole["data"])


def test_page_that_is_no_number_is_refused() -> None:
    assert error(get("2026-06-29T00:00", "/models", None, limit="many"))[0] == 400


def test_hosts_and_providers_are_empty() -> None:
    hosts = get("2026-06-29T00:00", "/models/deepseek/deepseek-v3.2/endpoints", None).json()
    assert hosts["data"]["id"] == "deepseek/deepseek-v3.2"
    assert hosts["data"]["endpoints"] == []
    assert get("2026-06-29T00:00", "/providers", None).json() == {"data": []}
    assert get("2026-06-29T00:00", "/datasets/app-rankings").json()["data"] == []


# Headers


def test_unchanged_answer_is_304_with_its_etag() -> None:
    with client_at("2026-06-29T00:00", None) as client:
        first = client.get("/models")
        again = client.get("/models", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_changed_answer_is_sent_again() -> None:
    first = get("2026-05-31T00:00", "/models", None)
    with client_at("2026-06-01T00:00", None) as client:
        assert client.get("/models", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_date_header_tells_the_demos_present() -> None:
    assert get("2026-06-08T02:00:05", "/models", None).headers["Date"] == "Mon, 08 Jun 2026 02:00:05 GMT"
    assert get("2026-06-08T02:00:05", "/nothing").headers["Date"] == "Mon, 08 Jun 2026 02:00:05 GMT"


async def test_asynchronous_client_is_answered_too() -> None:
    async with httpx.AsyncClient(base_url=DEMO_BASE_URL, transport=transport(clock_at("2026-02-02T00:00"))) as client:
        answer = await client.get(RANKINGS, headers={"Authorization": f"Bearer {DEMO_KEY}"})
    assert len({row["date"] for row in answer.json()["data"]}) == 7


# Keyless exports


def test_export_follows_from_index_to_manifest_to_file() -> None:
    with client_at("2026-06-29T02:00", None) as client:
        (entry,) = client.get(f"{EXPORTS}/index.json").json()["datasets"]
        manifest = client.get(entry["latest_manifest_url"]).json()
        table = client.get(manifest["files"]["csv"]["url"])
    assert entry["id"] == "rankings-daily"
    assert manifest["snapshot_date"] == entry["latest_snapshot_date"] == "2026-06-29"
    assert (
        manifest["attribution"] == ATTRIBUTION == "Reconstructed from published figures about openrouter.ai/rankings."
    )
    assert manifest["files"]["csv"]["sha256"] == hashlib.sha256(table.content).hexdigest()
    assert manifest["files"]["csv"]["bytes"] == len(table.content)
    assert table.headers["Cache-Control"] == "public, max-age=300"
    lines = table.text.split("\r\n")
    assert lines[0] == "date,model_permaslug,rank,total_tokens,share_of_daily_tokens"
    assert len(lines) == 1 + manifest["row_count"] + 1
    assert manifest["row_count"] == 30 * 51


def test_export_rows_are_the_days_of_the_rankings() -> None:
    text = get("2026-06-29T02:00", f"{EXPORTS}/rankings-daily/2026-06-08.csv", None).text
    rows = list(csv.DictReader(io.StringIO(text)))
    data = get("2026-06-08T00:00", RANKINGS).json()["data"]
    assert [(row["date"], row["model_permaslug"], row["total_tokens"]) for row in rows] == [
        (row["date"], row["model_permaslug"], row["total_tokens"]) for row in data
    ]
    assert rows[0]["rank"] == "1"
    assert rows[50]["rank"] == ""
    assert sum(float(row["share_of_daily_tokens"]) for row in rows[:51]) == pytest.approx(1)


def test_json_export_holds_the_same_rows() -> None:
    body = get("2026-06-29T02:00", f"{EXPORTS}/rankings-daily/2026-06-08.json", None).json()
    assert body["row_count"] == len(body["rows"]) == 30 * 51
    assert [column["name"] for column in body["columns"]] == list(body["rows"][0])
    assert body["rows"][50]["rank"] is None


@pytest.mark.parametrize(
    ("moment", "newest"), [("2026-06-08T01:45:59", "2026-06-07"), ("2026-06-08T01:46", "2026-06-08")]
)
def test_snapshot_is_published_at_0146(moment: str, newest: str) -> None:
    manifest = get(moment, f"{EXPORTS}/rankings-daily/latest.manifest.json", None).json()
    assert manifest["snapshot_date"] == newest


def test_first_snapshots_hold_what_there_is() -> None:
    text = get("2026-02-02T02:00", f"{EXPORTS}/rankings-daily/2026-01-27.csv", None).text
    assert {row["date"] for row in csv.DictReader(io.StringIO(text))} == {"2026-01-26"}


@pytest.mark.parametrize(
    "name", ["2026-01-26.csv", "2026-06-09.csv", "2026-02-30.csv", "latest.xml", "other.csv", "2026-06-08.manifest"]
)
def test_unknown_export_is_not_found(name: str) -> None:
    assert error(get("2026-06-08T02:00", f"{EXPORTS}/rankings-daily/{name}", None)) == (404, "Export not found")
