"""What a cache holds of the catalogue: models and their prices, providers, hosts and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from orwatch.store import journal
from orwatch.store.database import Database
from orwatch.store.times import epoch

if TYPE_CHECKING:
    from orwatch.domain.benchmarks import Benchmarks
    from orwatch.domain.catalogue import CatalogueModel, ObservedDiscount, ObservedPrice, Provider, Sighting
    from orwatch.domain.hosts import Host


class Offers:
    """The part of a `Cache` that is about what can be bought. Every method raises CacheError.

    What they need is imported by the methods: prices come with decimal arithmetic, 3 ms that a ranking does without.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_models(self, models: Iterable[CatalogueModel], observed_at: datetime) -> int:
        """Store a whole catalogue, and return how many models it gave another price than they had.

        Models that it lacks are kept and are no longer present. The first price of a model is recorded and is no
        change. Of an id given twice the last entry counts. An empty catalogue changes nothing. Benchmarks that were not
        read (None) stay as they were. Where the clock was set back, a change is recorded one second after the price it
        replaces, so that the order holds.
        """
        from orwatch.store import catalogue

        offered = list({model.id: model for model in models}.values())
        if not offered:
            return 0
        with self._database.write() as connection:
            changes = catalogue.put_models(connection, offered, observed_at)
            journal.bump(connection)
        return changes

    def models(self, present_only: bool = False) -> tuple[CatalogueModel, ...]:
        """Every model ever seen, by id, those of the newest catalogue first; or only those."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_models(connection, present_only)

    def listed_ids(self) -> frozenset[str]:
        """The ids of the newest catalogue."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_listed_ids(connection)

    def models_at(self, until: datetime) -> tuple[tuple[CatalogueModel, ...], datetime | None]:
        """The newest catalogue seen before a midnight (UTC), by id, and when that was: nothing and None where none was.

        At the prices observed by then; conditional prices and discounts of then are not kept, the rest is as last seen.
        """
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_models_at(connection, until)

    def models_first_seen(self) -> datetime | None:
        """When a catalogue was first observed; None where none was."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.first_seen(connection)

    def models_seen_at(self) -> datetime | None:
        """When the newest catalogue was observed; None where there is none."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.models_seen_at(connection)

    def prices(self, id: str | None = None, since: datetime | None = None) -> tuple[ObservedPrice, ...]:  # noqa: A002
        """The prices observed, of one id or of all, oldest first. since: leaves out those observed before."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_prices(connection, id, since)

    def moved_prices(self, since: datetime, until: datetime | None = None) -> tuple[ObservedPrice, ...]:
        """All prices observed of the models of which one was after a time, oldest first. until: leaves out those from then on."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_moved_prices(connection, since, until)

    def prices_since(self, until: datetime | None = None) -> datetime | None:
        """When the first price was observed; None where none was, or none before `until`."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.first_price(connection, until)

    def sightings(self) -> dict[str, Sighting]:
        """When each model was listed, by id."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_sightings(connection)

    def discounts(self) -> tuple[ObservedDiscount, ...]:
        """Every change of a discount that the catalogue or the hosts of a model told, oldest first."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_discounts(connection)

    def put_providers(self, providers: Iterable[Provider], observed_at: datetime) -> int:
        """Store providers, and return how many are new or differ. Those that are not given are kept."""
        from orwatch.store import catalogue

        offered = list({provider.slug: provider for provider in providers}.values())
        if not offered:
            return 0
        with self._database.write() as connection:
            changes = catalogue.put_providers(connection, offered, observed_at)
            journal.bump(connection)
        return changes

    def providers(self) -> tuple[Provider, ...]:
        """Every provider ever seen, by slug."""
        from orwatch.store import catalogue

        with self._database.read() as connection:
            return catalogue.read_providers(connection)

    def put_hosts(self, model_id: str, offered: Iterable[Host], observed_at: datetime) -> bool:
        """Store the hosts of a model, in place of those it had, and say whether that is news: other hosts, or the first.

        An empty list changes nothing where hosts were seen; where none were, it is kept that there are none. The later
        put stands, as the clock may have been set back. A discount that they tell of the model's price is recorded.
        """
        from orwatch.domain.hosts import with_discounts
        from orwatch.store import catalogue, hosts

        listed = tuple(offered)
        with self._database.write() as connection:
            stored, news = hosts.put(connection, model_id, listed, observed_at)
            if stored:
                pricing = catalogue.read_pricing(connection, model_id)
                if pricing is not None:
                    told = with_discounts(pricing, listed).discount
                    catalogue.put_discounts(connection, {model_id: told}, epoch(observed_at))
                journal.bump(connection)
        return news

    def hosts(self, model_id: str) -> tuple[Host, ...]:
        """The hosts of a model as last seen, in the source's order."""
        from orwatch.store import hosts

        with self._database.read() as connection:
            return hosts.read(connection, model_id)

    def all_hosts(self, until: datetime | None = None) -> dict[str, tuple[Host, ...]]:
        """The hosts of every model that has some, by its id. until: leaves out those that were seen only later."""
        from orwatch.store import hosts

        with self._database.read() as connection:
            return hosts.read_all(connection, until)

    def hosts_seen_at(self, model_id: str) -> datetime | None:
        """When the hosts of a model (or that it has none) were last observed; None where they never were."""
        from orwatch.store import hosts

        with self._database.read() as connection:
            return hosts.seen_at(connection, model_id)

    def benchmarks(self, model_id: str) -> Benchmarks:
        """What the newest catalogue repeats of a model's benchmarks; empty where it has none."""
        from orwatch.store import benchmarks

        with self._database.read() as connection:
            return benchmarks.read(connection, model_id)
