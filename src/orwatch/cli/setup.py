"""`config` and `key`: settings and keys, shown and written."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import Any

import msgspec

from orwatch import config as stored
from orwatch.api.origin import check_base_url, origin_of
from orwatch.cli import output
from orwatch.cli.session import Session
from orwatch.config import Setting, every_setting, key_for, key_path, key_tail
from orwatch.config.json_schema import schema
from orwatch.core.alerting import check_settings
from orwatch.errors import KeyMissingError, OrwatchError, UsageError
from orwatch.notify.channel import shown
from orwatch.notify.program import without_keys
from orwatch.present.report import Report, listing


def config_show(session: Session) -> Report:
    return listing(session.view, None, _rows(session), title=f"Settings · {session.config.path}")


config = config_show


def config_get(session: Session) -> Report | str:
    """One setting as it holds: its value, a list with spaces between; for programs the row of `config show`."""
    name = session.given("name")
    rows = [row for row in _rows(session) if row["setting"] == name.replace("[0].", ".")]
    if not rows:
        stored.known(name)
        raise UsageError(f"{name!r} is not set: there are fewer rules of its kind.")
    return listing(session.view, None, rows) if session.form == "json" else _shown(rows[0]["value"], " ", "")


def _rows(session: Session) -> list[dict[str, Any]]:
    found = session.config
    rows: list[dict[str, Any]] = [
        {
            "setting": setting.name,
            "value": _cut(setting, setting.plain(value)),
            "from": found.origin(setting.name),
            "accepts": setting.accepts,
        }
        for setting, value in (
            *((setting, setting.of(found.settings)) for setting in every_setting()),
            *stored.further(found.settings.alerts),
        )
    ]
    own = {f"vendors.{vendor}": code for vendor, code in found.settings.vendors.items()}
    own |= {f"seats.{host}": code for host, code in found.settings.seats.items()}
    return rows + [
        {"setting": name, "value": code, "from": str(found.path), "accepts": "a country code"}
        for name, code in own.items()
    ]


def config_path(session: Session) -> str:
    return str(stored.config_path(session.env))


def config_template(session: Session) -> str:
    return stored.template().rstrip()


def config_set(session: Session) -> None:
    path, name = stored.config_path(session.env), session.given("name")
    check = partial(check_settings, [name], session.env)
    written = stored.set_values(path, {name: session.given("value")}, check)[name]
    output.say(f"{name} is {_shown(_cut(stored.known(name), written))}, written to {path}.")


def config_unset(session: Session) -> None:
    path, name = stored.config_path(session.env), session.given("name")
    done = stored.unset_value(path, name)
    output.say(f"{name} is taken out of {path}." if done else f"{name} is not set in {path}.")


def config_schema(session: Session) -> str:
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode()


def config_edit(session: Session) -> None:
    """Edit a copy of the config file and take it over once it is valid."""
    path, editor = stored.config_path(session.env), _editor(session.env)
    before = stored.read_text(path) or stored.template()
    draft, keep = None, False
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="config-", suffix=".toml", dir=path.parent)
        draft = Path(name)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(before)
        code = subprocess.run([*editor, name], check=False, env=without_keys(session.env)).returncode  # noqa: S603  the user's own
        after = draft.read_text(encoding="utf-8")
        if code != 0 or after == before:
            output.say(f"{path} is as it was.")
            return
        keep = True
        stored.load({}, draft)
        stored.write_atomically(path, [after])
        keep = False
        output.say(f"{path} is written.")
    except UsageError as error:
        raise UsageError(f"{error} {path} is as it was; your edit is kept in {draft}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise OrwatchError(f"{path} cannot be edited with {editor[0]!r}: {error}.") from None
    finally:
        if draft is not None and not keep:
            draft.unlink(missing_ok=True)


def _cut(setting: Setting, value: Any) -> Any:
    """A setting's value as it may be shown: of a secret address only its scheme and host."""
    if not setting.secret or value is None:
        return value
    return shown(value)


def _shown(value: object, between: str = ", ", nothing: str = "empty") -> str:
    if isinstance(value, list):
        return between.join(map(str, value)) or nothing
    return nothing if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _editor(env: Mapping[str, str]) -> list[str]:
    """The program that edits: of VISUAL, else of EDITOR, blank ones apart. Raises UsageError for one that is no command."""
    for variable in ("VISUAL", "EDITOR"):
        given = env.get(variable, "")
        try:
            words = shlex.split(given)
        except ValueError:
            raise UsageError(f"{variable} is {given!r}, which is no command: a quote is not closed.") from None
        if words:
            return words
    if not sys.stdin.isatty():
        raise UsageError(
            f"vi needs a terminal; name another editor in EDITOR, or change {stored.config_path(env)} by hand."
        )
    return ["vi"]


def _origin(session: Session) -> str:
    return origin_of(check_base_url(session.settings.source.base_url, None))


def key_forget(session: Session) -> None:
    origin = _origin(session)
    found = stored.forget_key(origin, session.env)
    output.say(f"The key for {origin} is forgotten." if found else f"No key was stored for {origin}.")
    if session.env.get("OPENROUTER_API_KEY"):
        output.say(f"OPENROUTER_API_KEY is still set; the stored one was in {key_path(session.env)}.")


def key_show(session: Session) -> Report:
    origin = _origin(session)
    found = key_for(origin, session.env)
    if found is None:
        raise KeyMissingError(f"No key is set for {origin}; set OPENROUTER_API_KEY or run `orwatch key set`.")
    rows = [{"origin": origin, "key": key_tail(found[0]), "from": found[1]}]
    return listing(session.view, None, rows)


key = key_show


def key_set(session: Session) -> None:
    origin = _origin(session)
    if session.given("words"):
        raise UsageError(
            "A key on the command line stays in the shell's history: revoke that one at openrouter.ai/keys, make another,"
            " and run `orwatch key set` alone, which asks for it."
        )
    if sys.stdin.isatty():
        try:
            given = getpass(f"OpenRouter key for {origin}: ")
        except EOFError:
            given = ""
    else:
        given = sys.stdin.readline()
    found = stored.check_key(given)
    check_base_url(session.settings.source.base_url, found)
    aside = stored.store_key(origin, found, session.env)
    if aside is not None:
        output.warn(f"The file of keys could not be read: it is kept as {aside}.")
    output.say(f"The key {key_tail(found)} for {origin} is kept in {key_path(session.env)}.")
    if session.env.get("OPENROUTER_API_KEY"):
        output.say("OPENROUTER_API_KEY is set too and comes first.")
