"""`serve`: the dashboard in a browser, for many readers."""

from __future__ import annotations

from collections.abc import Iterator

from orwatch.cli import output
from orwatch.cli.session import Session
from orwatch.errors import ExtraMissingError
from orwatch.listening import address_of

PORT = 8464


def serve(session: Session) -> int:
    """Serves until a signal ends it."""
    host, port = address_of("--listen", session.given("listen", str(PORT)), PORT)
    session.check_arguments()
    session.check_filter_offline()
    try:
        from orwatch.web import serve_dashboards  # of an extra
    except ModuleNotFoundError as error:
        if error.name not in ("textual_serve", "aiohttp"):
            raise
        raise ExtraMissingError("`orwatch serve`", "web") from None
    session.close()
    serve_dashboards(host, port, session.given("name", []), [*_passed_on(session)], output.say)
    return 0


def _passed_on(session: Session) -> Iterator[str]:
    """The options that were given, for each dashboard."""
    for option in session.command.options:
        if option.dest in session.options and option.dest not in ("listen", "name"):
            value = session.options[option.dest]
            for each in value if isinstance(value, list) else [value]:
                yield f"{option.name}={each}" if option.metavar else option.name
