"""View 9: where models could be served from, by the country that made them, by seat and by host."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.strip import Strip

from orwatch.core.views.hosts import host_map
from orwatch.domain.hosts import GROUPS, Group, HostMap, HostUse
from orwatch.present import formats
from orwatch.present.tables import hosts
from orwatch.present.terms import group_words
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Block

SEATS = 7
"""Rows of seats, at most."""
NAMED = 8
"""Models of a host that are listed where its list stands above the hosts."""


class HostsPane(TopicPane[HostMap, HostUse, hosts.HostsScale]):
    """Made in × could be served from, by seat, the price of staying in a group of countries; and every host, with a cursor.

    group: the countries that brackets are of; None: those of the settings.
    """

    key = "hosts"
    narrowed = frozenset({"words", "countries"})
    title = "Hosts"
    table = hosts.SERVERS
    topic = hosts.TOPIC
    part = 0.55
    also = ("bracket", "at_least", "at_most", "nowhere", "unknown", "only", "cheapest")

    group: Group | None = None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"group": self.next_group, "detail": self.read}

    @property
    def chosen_here(self) -> tuple[object, ...]:
        return (self.group,)

    def find(self) -> HostMap:
        return host_map(self.reader.market, self.snapshot, self.group)

    def next_group(self) -> None:
        """The next group of countries: those with a name, and that of the settings."""
        if not self.trouble:
            own = Group.of(self.reader.market.settings.hosts.group)
            names = list(dict.fromkeys((own.name, *GROUPS)))
            at = names.index(self.found.group.name)
            self.group = Group.of(names[(at + 1) % len(names)])
            self.choose()

    def rest(self, width: int) -> list[Strip]:
        return self._made(self.found, width) if self.reading is None else self._models(self.found, width, NAMED)

    def draw_found(self, found: HostMap, width: int, height: int) -> list[Strip]:
        day = f"hosts {formats.day(found.day)}" if found.day else ""
        if not self.is_beside:
            head, blocks = self.head(width, ["made in × could be served from", day]), []
        else:
            left = self.list_at - 3
            head = self.head(left, ["made in × could be served from" if left >= 60 else "made in × served from"])
            blocks = [self._made(found, left), self._seats(found, left), self._models(found, left, height)]
        return self.with_list(head, blocks, day, height)

    def _made(self, found: HostMap, width: int) -> list[Strip]:
        """Made in × the group, and what that says."""
        block = Block(self.ink, width)
        block.table(hosts.MADE.drawn(hosts.scale(found)), found.made)
        if self.is_beside:
            least, most = f": all hosts of a model are in {group_words(found.group.name)}. ", ": one is."
            told = [("At least", "text+"), (least, "dim"), ("At most", "text+"), (most, "dim")]
            block.prose(*told, (" Which one served a token is not published.", "dim"), indent=0)
            if none := hosts.none_inside(found):
                block.prose((none, "dim"), indent=0)
        return block.strips()

    def _seats(self, found: HostMap, width: int) -> list[Strip]:
        """By seat."""
        facts = f"{len(found.hosts)} hosts of {formats.plural(found.listed, 'model')} · seats as stated"
        block = Block(self.ink, width)
        block.section(hosts.SEATS.title, facts, f"{len(found.hosts)} hosts")
        block.table(hosts.SEATS.drawn(hosts.scale(found)), found.seats[:SEATS])
        return block.strips()

    def _models(self, found: HostMap, width: int, height: int) -> list[Strip]:
        """What staying in the group costs of the models that are made outside it; or the models of the host that is read."""
        if self.reading is not None:
            rows = hosts.models_of(found, self.reading)
            cut = f", {height} of {len(rows)}" if len(rows) > height else ""
            title = f"What {self.reading} lists{cut}"
        else:
            title = f"The price of staying in {group_words(found.group.name)}"
            rows = [row for row in found.models if row.model.country not in found.group.countries and row.hosts]
        block = Block(self.ink, width)
        block.section(title, "cheapest host, blend $ / M", "blend $ / M")
        block.table(hosts.STAYING.drawn(hosts.scale(found)), rows[:height])
        return block.strips()
