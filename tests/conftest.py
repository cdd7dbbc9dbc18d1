from __future__ import annotations

from collections.abc import Iterator

import pytest

import standin as recorded


@pytest.fixture(scope="session")
def standin() -> Iterator[str]:
    """The base URL of a stand-in whose clock starts at 2026-08-22T02:00:00Z."""
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    with recorded.serve() as url:
        yield url
