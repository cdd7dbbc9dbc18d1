"""The user's files: where they are, read as TOML, replaced whole or not at all; how the dashboard was left."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import platformdirs
import tomli_w

from orwatch.errors import OrwatchError, UsageError

CONFIG_VARIABLE: Final = "ORWATCH_CONFIG"
STATE_VARIABLE: Final = "ORWATCH_STATE"
PRIVATE: Final = 0o600
BYTE_ORDER_MARK: Final = "\ufeff"
"""What editors on Windows put before a text."""


def config_path(env: Mapping[str, str]) -> Path:
    """The config file: `ORWATCH_CONFIG`, or config.toml in the user's configuration folder."""
    given = env.get(CONFIG_VARIABLE)
    return expanded(Path(given)) if given else _user_folder(platformdirs.user_config_path) / "config.toml"


def data_folder() -> Path | None:
    """Where the platform keeps what a user's programs have gathered, for orwatch; None where no home folder is known."""
    folder = _user_folder(platformdirs.user_data_path)
    return None if _homeless(folder) else folder


def cache_folder() -> Path | None:
    """Where the platform keeps a user's caches, for orwatch: the caches of origins were there once. None as above."""
    folder = _user_folder(platformdirs.user_cache_path)
    return None if _homeless(folder) else folder


def _user_folder(find: Callable[[str], Path]) -> Path:
    """A folder of the platform for a user's files of orwatch; below `~` where no home folder is known.

    Users of the system often have one that is no folder, such as /dev/null.
    """
    try:
        folder, home = find("orwatch"), Path.home()
    except RuntimeError:
        return Path("~")
    nowhere = folder.is_relative_to(home) and os.path.exists(home) and not os.path.isdir(home)
    return Path("~") if nowhere else folder


def _homeless(path: Path) -> bool:
    """Whether a path begins in a home folder that is not known: nothing is found there, and nothing written."""
    return path.parts[:1] == ("~",)


def expanded(path: Path) -> Path:
    """The path with `~` replaced by the home folder. Raises UsageError where that is not known."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise UsageError(f"{path} is in a home folder that is not known; set HOME, or give the whole path.") from None


def read_document(path: Path) -> dict[str, Any]:
    """The config file as it stands, empty where there is none. Raises UsageError where it is no TOML."""
    text = read_text(path)
    if not text:
        return {}
    import tomllib  # most runs have no file to read

    try:
        return tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))
    except RecursionError:
        raise UsageError(f"{path} is no valid TOML: it is nested too deep.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no valid TOML: {error}.") from None
    except ValueError:
        raise UsageError(f"{path} has a number with thousands of digits; no setting takes one.") from None


def read_text(path: Path) -> str:
    """A file of the user's as it stands, empty where there is none. Raises OrwatchError where it cannot be read as UTF-8."""
    if _homeless(path):
        return ""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise OrwatchError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no valid TOML: {error}.") from None


def make_private(path: Path) -> None:
    """Takes the rights of others to a file away, if there is one. Raises OrwatchError where that is not allowed."""
    try:
        path.chmod(PRIVATE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OrwatchError(f"{path} cannot be written: {error.strerror}.") from None


def write_atomically(path: Path, chunks: Iterable[str | bytes], *, mode: int = PRIVATE) -> None:
    """Replace what a file holds, whole or not at all; text as UTF-8. A device or pipe is written to as it is.

    mode: of a new file; one that exists keeps its own. Raises OrwatchError where it cannot be written.
    """
    if _homeless(path):
        raise OrwatchError(f"{path} cannot be written: no home folder is known; set HOME.")
    temporary: str | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.writelines(_encoded(chunks))
            return
        if _planted(path):
            raise OrwatchError(
                f"{path} is another user's link in a folder where all may write, and is not followed; name another file."
            )
        path = Path(os.path.realpath(path))  # a link in a folder of dotfiles stays a link
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as file:
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode) if path.exists() else mode)
            file.writelines(_encoded(chunks))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise OrwatchError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def write_document(path: Path, values: Mapping[str, object]) -> None:
    """Replace what a file holds by values as TOML. Raises as `write_atomically`."""
    write_atomically(path, [tomli_w.dumps(values)])


def _encoded(chunks: Iterable[str | bytes]) -> Iterator[bytes]:
    return (chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks)


def _planted(path: Path) -> bool:
    """Whether a link was put there by another user, where all may write and none may remove what is another's, as in /tmp.

    The system does not follow such a link either (proc(5), protected_symlinks).
    """
    if not path.is_symlink():
        return False
    folder, owner = path.parent.stat(), path.lstat().st_uid
    shared = folder.st_mode & stat.S_ISVTX and folder.st_mode & stat.S_IWOTH
    return bool(shared) and owner not in (os.geteuid(), folder.st_uid)


def written_by_others(path: Path) -> bool:
    """Whether anybody else may change a file, or put another in its place. False where there is none."""
    try:
        file, folder = path.stat(), path.parent.stat()
    except OSError:
        return False
    return _open(file) or (_open(folder) and not folder.st_mode & stat.S_ISVTX)


def _open(found: os.stat_result) -> bool:
    """Whether others may write: everybody, or a group that is not the user's own."""
    return bool(
        found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and found.st_gid not in (os.getegid(), 0))
    )


def state_path(env: Mapping[str, str]) -> Path:
    """The file of how the dashboard was left: `ORWATCH_STATE`, or state.toml in the user's folder for states."""
    given = env.get(STATE_VARIABLE)
    return expanded(Path(given)) if given else _user_folder(platformdirs.user_state_path) / "state.toml"


def read_state(path: Path) -> dict[str, object]:
    """How the dashboard was left; empty where there is no file, or one that cannot be read."""
    try:
        return read_document(path)
    except OrwatchError:
        return {}
