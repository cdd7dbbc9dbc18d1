"""`serve`: the dashboard in a browser, for many readers."""

from __future__ import annotations

from orwatch.cli import output
from orwatch.cli.session import Session
from orwatch.listening import address_of

PORT = 8464


def serve(session: Session) -> int:
    host, port = address_of("--listen", session.given("listen", str(PORT)), PORT)
    session.check_offline()
    from orwatch.web import serve_dashboards  # of an extra

    session.close()
    passed_on = []
    for option in session.command.options:
        if option.dest in session.options and option.dest not in ("listen", "name"):
            value = session.options[option.dest]
            for each in value if isinstance(value, list) else [value]:
                passed_on.append(f"{option.name}={each}" if option.metavar else option.name)
    serve_dashboards(host, port, session.given("name", []), passed_on, output.say)
    return 0
