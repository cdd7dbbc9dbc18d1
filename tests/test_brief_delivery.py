"""`[notify.brief]`: the briefing of a week goes out once when it ends, to the channels that are named, never for history."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from orwatch.config import Settings, load
from orwatch.config.schema import ViewSettings
from orwatch.core.alerting import AlertService
from orwatch.core.outbox import Sink, deliver_once, sink, starting_now
from orwatch.core.source import Source
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.records import Basis
from orwatch.errors import UsageError
from orwatch.notify.desktop import DesktopSettings
from orwatch.notify.registry import BriefSettings, NotifySettings
from orwatch.present.alerts import message, value_text
from test_core_alerting import Machine, week
from test_core_outbox import Box, Soon

NOTIFY = NotifySettings(group=0, brief=BriefSettings(to=("webhook",)), desktop=DesktopSettings(on=True))
SETTINGS = Settings(view=ViewSettings(basis=Basis.CHART), alerts=AlertRules().only(["lead-flip"]), notify=NOTIFY)


def served(machine: Machine, *channels: Box) -> tuple[Sink, ...]:
    notify = machine.source.settings.notify
    return starting_now(machine.source, [sink(notify, box.name, box.send) for box in channels])


def send(machine: Machine, sinks: tuple[Sink, ...]) -> None:
    asyncio.run(_send(machine.source, sinks))


async def _send(source: Source, sinks: tuple[Sink, ...]) -> None:
    await deliver_once(source, sinks, sleep=Soon())


def test_a_week_that_ends_is_sent_once_to_the_channels_that_are_named() -> None:
    machine, webhook, desktop = Machine(SETTINGS), Box("webhook"), Box("desktop")
    sinks = served(machine, webhook, desktop)
    machine.put(week(0), 3, 9)
    machine.service.look()
    send(machine, sinks)
    assert webhook.got == [], "what is there at first is history"
    machine.put(week(1), 4, 9)
    machine.service.look()
    send(machine, sinks)
    send(machine, sinks)
    (message,) = webhook.got
    assert message.title == "OpenRouter, 11–17 May 2026 (week 20)"
    assert message.lines[0].startswith("Models on OpenRouter handled 13.0K tokens, up 8.3 % on the week before.")
    assert "(0.0 %) and Chinese ones 4.00K (+33.3 %): 2.3 : 1." in message.lines[0]
    assert message.lines[-1] == "orwatch brief --at 2026-05-11 --basis chart"
    (facts,) = message.alerts
    assert facts["text"].splitlines()[0].startswith("OpenRouter, 11–17 May 2026 (week 20)")
    assert desktop.got == []


def test_of_several_processes_and_after_a_restart_one_sends_it_whatever_basis_they_look_through() -> None:
    one, box = Machine(SETTINGS), Box("webhook")
    other = Machine(Settings(view=ViewSettings(basis=Basis.TOP10), alerts=SETTINGS.alerts, notify=NOTIFY), one.cache)
    sinks, others = served(one, box), served(other, box)
    for each in (one, other):
        one.put(week(0), 3, 9)
        each.service.look()
    one.put(week(1), 4, 9)
    for each in (one, other):
        each.service.look()
    send(one, sinks)
    send(other, others)
    again = AlertService(one.source)
    again.look()
    send(one, served(one, box))
    assert len(box.got) == 1


def test_it_is_a_message_of_its_own_beside_the_alerts_of_the_week() -> None:
    machine, webhook, desktop = Machine(SETTINGS), Box("webhook"), Box("desktop")
    sinks = served(machine, webhook, desktop)
    machine.put(week(0), 3, 9)
    machine.service.look()
    machine.put(week(1), 9, 3)
    machine.service.look()
    send(machine, sinks)
    titles = [message.title for message in webhook.got]
    assert sorted("OpenRouter" in title for title in titles) == [False, True]
    assert [message.title for message in desktop.got] == [title for title in titles if "OpenRouter" not in title]


def test_weeks_that_are_filled_in_later_are_history() -> None:
    machine, box = Machine(SETTINGS), Box("webhook")
    sinks = served(machine, box)
    machine.put(week(5), 3, 9)
    machine.service.look()
    for n in range(5):
        machine.put(week(n), 3, 9)
    machine.service.look()
    send(machine, sinks)
    assert box.got == []


def test_without_a_channel_no_briefing_is_due() -> None:
    machine = Machine()
    machine.put(week(0), 3, 9)
    machine.service.look()
    machine.put(week(1), 4, 9)
    machine.service.look()
    assert [one.alert.rule for one in machine.service.known().values() if one.alert.rule == "brief"] == []


def test_the_setting_takes_names_of_channels(tmp_path: Path) -> None:
    assert load({"HOME": str(tmp_path)}).settings.notify.brief.to == ()
    with pytest.raises(UsageError, match=r"notify\.brief\.to"):
        _written(tmp_path, 'to = ["fax"]')
    assert _written(tmp_path, 'to = ["file", "webhook"]').notify.brief.to == ("file", "webhook")


def _written(folder: Path, line: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(f"[notify.brief]\n{line}\n")
    return load({"HOME": str(folder), "ORWATCH_CONFIG": str(path)}).settings


def test_the_words_of_the_alert_say_which_week_is_complete() -> None:
    machine = Machine(SETTINGS)
    machine.put(week(0), 3, 9)
    machine.put(week(1), 4, 9)
    machine.service.look()
    newest = max(
        (one.alert for one in machine.service.known().values() if one.alert.rule == "brief"), key=lambda a: a.period
    )
    assert newest.period.start == date(2026, 5, 11)
    assert message(newest, {}) == ("The week of 11 to 17 May 2026 is complete: 13.0K, +8.3 % on the week before")
    assert value_text(newest, {}) == "13.0K"
