"""The user's keys, one for each origin, in a file of their own that only the user can read; and files that others can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from orwatch.config.by_name import known
from orwatch.config.files import PRIVATE, config_path, make_private, read_document, write_document, written_by_others
from orwatch.config.load import COMMAND, Config
from orwatch.errors import OrwatchError, UsageError

KEY_VARIABLE: Final = "OPENROUTER_API_KEY"
KEY_FILE_VARIABLE: Final = "OPENROUTER_API_KEY_FILE"
"""Names a file with the key alone: a credential of systemd, a secret of a container."""

_KEY = re.compile(r"sk-or-[!-~]+", re.ASCII)


def key_path(env: Mapping[str, str]) -> Path:
    """The file of the stored keys, beside the config file."""
    return config_path(env).with_name("key.toml")


def check_key(text: str, place: str = "What was given") -> str:
    """A key without the white space around it. Raises UsageError, which does not repeat it, for what is none."""
    key = text.strip()
    if not _KEY.fullmatch(key):
        raise UsageError(f"{place} is no OpenRouter key: one begins with sk-or- and has no spaces.")
    return key


def key_for(origin: str, env: Mapping[str, str]) -> tuple[str, str] | None:
    """The key for an origin and where it is from; None without.

    That is `OPENROUTER_API_KEY`, the file that `OPENROUTER_API_KEY_FILE` names, or the one stored for this origin. What is empty
    counts as not given. Raises UsageError for what is no key, and where the named file cannot be read.
    """
    given = env.get(KEY_VARIABLE, "").strip()
    if given:
        return check_key(given, KEY_VARIABLE), KEY_VARIABLE
    if file := env.get(KEY_FILE_VARIABLE):
        try:
            given = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise UsageError(f"{KEY_FILE_VARIABLE} names {file}, which cannot be read: {why}.") from None
        if given:
            return check_key(given, f"What {KEY_FILE_VARIABLE} names"), file
    stored = stored_key(origin, env)
    return None if stored is None else (stored, str(key_path(env)))


def stored_key(origin: str, env: Mapping[str, str]) -> str | None:
    """The key that was stored for exactly this origin (`scheme://host[:port]`)."""
    key = _keys(key_path(env)).get(origin)
    return None if key is None else check_key(key, f"The key for {origin} in {key_path(env)}")


def store_key(origin: str, key: str, env: Mapping[str, str]) -> Path | None:
    """Keep a key for one origin, in a file that only the user can read from its creation on.

    A file of keys that cannot be read is kept as `key.toml.damaged`, with a number where there is one already, and a new one
    begun; where it was put, else None.
    """
    path, key = key_path(env), check_key(key)
    if path.is_symlink():
        raise OrwatchError(
            f"{path} is a link, and a key is not written through one: remove it, then set the key again."
        )
    aside = None
    try:
        keys = _keys(path)
    except UsageError:
        keys, aside = {}, _set_aside(path)
    _write_keys(path, keys | {origin: key})
    return aside


def _set_aside(path: Path) -> Path:
    taken = (path.with_name(f"{path.name}.damaged{number}") for number in ("", *(f"-{n}" for n in range(2, 1000))))
    target = next(name for name in taken if not name.exists())
    try:
        path.chmod(PRIVATE)
        return path.rename(target)
    except OSError as error:
        raise OrwatchError(f"{path} cannot be moved aside: {error.strerror}.") from None


def forget_key(origin: str, env: Mapping[str, str]) -> bool:
    """Forget the key of an origin; False where none was stored."""
    keys = _keys(key_path(env))
    if keys.pop(origin, None) is None:
        return False
    _write_keys(key_path(env), keys)
    return True


def key_tail(key: str) -> str:
    """What may be shown of a key: `…abcd`."""
    return f"…{key[-4:]}"


def _keys(path: Path) -> dict[str, str]:
    mend = "correct it, or run `orwatch key set`, which keeps it aside and begins a new one"
    try:
        keys = read_document(path).get("keys", {})
    except UsageError as error:
        raise UsageError(f"{str(error).removesuffix('.')}: {mend}.") from None
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise UsageError(f"{path} holds no keys by origin: {mend}.")
    return keys


def _write_keys(path: Path, keys: Mapping[str, str]) -> None:
    make_private(path)
    write_document(path, {"keys": keys})


def exposed(config: Config, env: Mapping[str, str]) -> list[str]:
    """A sentence with its mend for each file that others can read: the config file where it holds a secret, that of keys.

    And for a config file that names a command, where others can write it.
    """
    files = [(key_path(env), "a key")]
    if any(known(name).secret for name, source in config.came_from.items() if source == str(config.path)):
        files.insert(0, (config.path, "a secret address"))
    told = [
        f"{path} holds {what} and can be read by others; `chmod 600 {path}` mends it."
        for path, what in files
        if open_to_others(path)
    ]
    if config.origin(COMMAND) == str(config.path) and written_by_others(config.path):
        told.append(
            f"{config.path} names a command and can be written by others: it is not run until"
            f" `chmod go-w {config.path} {config.path.parent}` mends it."
        )
    return told


def open_to_others(path: Path) -> bool:
    """Whether anybody but the owner has a right to a file."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False
