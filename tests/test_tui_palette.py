"""What the palette finds from the dashboard, and what Enter does with it: by keys, on the demo."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from textual.widgets import Input, OptionList

from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.tui.actions import ACTIONS
from orwatch.tui.screens.finding import HIDDEN
from tui_support import Tui, demo, running


async def typed(tui: Tui, text: str) -> list[str]:
    """What the palette lists for a text."""
    await tui.press(":", *("space" if char == " " else char for char in text))
    return [str(option.prompt).strip() for option in tui.app.screen.query_one(OptionList).options]


async def find(tui: Tui, text: str) -> str:
    """Takes the first that is found; its line."""
    first = (await typed(tui, text))[0]
    await tui.press("enter")
    assert tui.app.screen is tui.app.dashboard
    return first


async def test_a_model_opens_its_detail() -> None:
    ids = {
        "tencent/hy3-20260706:free": "tencent/hy3-20260706:free",
        "deepseek v4 flash": "deepseek/deepseek-v4-flash-20260423",
        "MiMo-V2.5": "xiaomi/mimo-v2.5-20260422",
    }
    async with running(await demo()) as tui:
        for text, id_ in ids.items():
            await find(tui, text)
            opened = tui.app.dashboard.board.opened
            assert opened is not None
            assert (opened.kind, opened.id) == (Kind.MODEL, id_)
            await tui.press("escape")


async def test_a_model_of_the_catalogue_that_is_not_ranked_is_found() -> None:
    async with running(await demo()) as tui:
        row = next(row for row in tui.table("prices").everything if row.permaslug is None)
        assert "not ranked" in await find(tui, row.id)
        assert tui.app.dashboard.board.opened is not None


async def test_vendors_and_countries_open_or_filter() -> None:
    async with running(await demo()) as tui:
        await find(tui, "anthropic")
        opened = tui.app.dashboard.board.opened
        assert opened is not None
        assert (opened.kind, opened.id) == (Kind.VENDOR, "anthropic")
        await tui.press("escape")
        await find(tui, "china")
        opened = tui.app.dashboard.board.opened
        assert opened is not None
        assert (opened.kind, opened.id) == (Kind.COUNTRY, "CN")
        await tui.press("escape")
        await find(tui, "only anthropic")
        assert {slug.partition("/")[0] for slug in tui.shown()} == {"anthropic"}
        await find(tui, "filter US")
        assert tui.app.dashboard.view.filter.countries.shown == {"US"}


async def test_a_date_goes_to_the_period_that_holds_it() -> None:
    async with running(await demo(), Query(lens=Lens(Basis.CHART))) as tui:
        assert "9 Feb 2026" in await find(tui, "2026-02-09")
        assert tui.snapshot.period.start == date(2026, 2, 9)
        await find(tui, "2026-03-01")
        assert tui.snapshot.period.start == date(2026, 2, 23)


async def test_a_date_outside_the_record_is_told_and_nothing_moves() -> None:
    async with running(await demo(), toasts=True) as tui:
        before = tui.header
        await find(tui, "2019-01-01")
        assert "Not done" in tui.text
        assert "holds no figures" in tui.text
        assert tui.header == before


async def test_actions_are_found_by_plain_words() -> None:
    titles = {
        "previous period": "previous period",
        "reverse sort": "reverse sort",
        "next pane": "next pane",
        "mark all as read": "acknowledge all alerts",
        "dark": "pick a theme",
        "one period back": "previous period",
        "full screen": "zoom the pane",
        "filter": "filter rows",
        "Countries": "Countries",
    }
    async with running(await demo()) as tui:
        await tui.press(":")
        first = {}
        for text in titles:
            tui.app.screen.query_one(Input).value = text
            await tui.settle()
            first[text] = str(tui.app.screen.query_one(OptionList).get_option_at_index(0).prompt).strip().split("  ")[0]
        assert first == titles


async def test_actions_by_plain_words_do_what_they_say() -> None:
    async with running(await demo()) as tui:
        await find(tui, "previous period")
        assert tui.snapshot.period.start == date(2026, 7, 6)
        before = tui.shown()
        await find(tui, "reverse sort")
        assert tui.shown() == before[::-1]
        await find(tui, "next pane")
        assert tui.app.dashboard.board.pane == "countries"


async def test_an_alert_opens_its_evidence_and_escape_leads_back() -> None:
    async with running(await demo()) as tui:
        row = next(row for row in tui.table("alerts").everything if not row.fold)
        before = tui.text
        await find(tui, row.alert.id)
        assert tui.app.dashboard.board.zoomed
        assert tui.app.dashboard.board.alerts.alert == row.alert
        await tui.press("escape")
        assert tui.text == before


async def test_an_alert_that_a_filter_hides_or_that_is_folded_is_opened() -> None:
    async with running(await demo()) as tui:
        folded = next(row for row in tui.table("alerts").everything if row.fold)
        alert = folded.alerts[-1]
        await tui.press("slash", *"zzz", "enter")
        await find(tui, alert.id)
        assert tui.app.dashboard.board.alerts.alert == alert


async def test_a_setting_is_shown_and_set(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    async with running(await demo(), size=(160, 45), toasts=True) as tui:
        tui.app.choices.config = config
        assert "setting, auto" in await find(tui, "view.theme")
        assert "Type `view.theme VALUE` here to set it" in " ".join(tui.text.split())
        await find(tui, "view.theme light")
        assert tomllib.loads(config.read_text()) == {"view": {"theme": "light"}}
        await find(tui, "view.theme purple")
        assert "purple" in tui.text
        await find(tui, "source.base_url ftp://x/api/v1")
        assert "The base URL is no web address" in tui.text
        await find(tui, "notify.webhook.insecure false")
        assert tomllib.loads(config.read_text()) == {
            "view": {"theme": "light"},
            "notify": {"webhook": {"insecure": False}},
        }


async def test_what_is_near_a_mistyped_name_is_listed_once() -> None:
    async with running(await demo()) as tui:
        listed = await typed(tui, "view.thme")
        assert listed[0].startswith("view.theme ")
        assert len(listed) == len(set(listed))


async def test_a_secret_is_not_shown() -> None:
    async with running(await demo(), toasts=True) as tui:
        assert "setting, secret" in await find(tui, "notify.webhook.url")


async def test_every_action_is_found_by_its_name() -> None:
    async with running(await demo()) as tui:
        titles = await typed(tui, "")
        here = [a for a in ACTIONS if a.id not in HIDDEN and (not a.where or "models" in a.where)]
        assert len(titles) == len(here)
