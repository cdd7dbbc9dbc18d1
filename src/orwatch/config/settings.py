"""The settings that hold for a run: what is read out of the file, the environment and the options."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from orwatch.domain.records import Basis, Grain

if TYPE_CHECKING:
    from orwatch.config.channels import Notify
    from orwatch.domain.alerts.registry import AlertRules

BASE_URL: Final = "https://openrouter.ai/api/v1"
THEMES: Final = ("auto", "dark", "light", "terminal", "none")
POLL_SECONDS: Final = range(5, 86_401)
PANES: Final = ("models", "countries", "prices", "alerts")


class Settings(Struct, frozen=True, dict=True):
    """What holds for this run.

    base_url: of the API. cache: its file; None: one of its own for each origin. period, basis, free, merge_variants: the first
    state of every view. theme: one of `THEMES`. versus: the head to head, two countries or two vendors. baseline: id of
    the model whose price is 1; None: the first that has a price. poll_interval: seconds. offline: never use the
    network. model_columns, price_columns: those to be shown, in order; none: all. screen_reader: plain lines instead of a drawn
    screen. export_folder: where the screen writes its files. vendors: the user's own countries, `{author: alpha-2 code}`.
    keys: rebound keys by id of an action. favourites: permaslugs, vendors and country codes, pinned on top and watched.
    mouse: whether the screen takes it. restore: whether the dashboard opens as it was left; start_pane, start_filter,
    start_vendors, start_countries: how else. rules: of alerts. outlets: the channels that these go to. None:
    the defaults, which `alerts` and `notify` give then.
    came_from: where each value is from, by dotted name: `default`, the file, a variable or an option; `default` where it is not
    told.
    path: the config file, which need not exist.
    """

    base_url: str = BASE_URL
    cache: Path | None = None
    period: Grain = Grain.WEEK
    basis: Basis = Basis.TOP50
    free: bool = True
    merge_variants: bool = False
    theme: str = "auto"
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None
    poll_interval: int = 300
    offline: bool = False
    mouse: bool = True
    favourites: tuple[str, ...] = ()
    restore: bool = False
    start_pane: str = "models"
    start_filter: str | None = None
    start_vendors: tuple[str, ...] = ()
    start_countries: tuple[str, ...] = ()
    model_columns: tuple[str, ...] = ()
    price_columns: tuple[str, ...] = ()
    screen_reader: bool = False
    export_folder: Path = Path("~/orwatch")
    rules: AlertRules | None = None
    outlets: Notify | None = None
    vendors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    came_from: Mapping[str, str] = field(default_factory=dict)
    path: Path = Path("config.toml")

    @cached_property
    def alerts(self) -> AlertRules:
        """The rules of alerts. Imported where they are asked for, as the channels are: 3 ms, and few commands judge."""
        from orwatch.domain.alerts.registry import AlertRules

        return self.rules or AlertRules()

    @cached_property
    def notify(self) -> Notify:
        """The channels that alerts go to."""
        from orwatch.config.channels import Notify

        return self.outlets or Notify()
