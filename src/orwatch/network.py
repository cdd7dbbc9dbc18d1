"""Sessions of httpx as the machine's network wants them: its proxies, its certificates. The API and webhooks use them."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Mapping
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from orwatch.errors import NetworkError
from orwatch.proxies import proxy_for


def open_session(
    url: str, *, timeout: float, headers: Mapping[str, str], transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """A session for the server of a URL. It follows no redirect and keeps no cookie.

    transport: in place of the network. timeout: seconds without any progress. Raises NetworkError where the proxy that the
    environment names for this server cannot be used.
    """
    proxy = proxy_for(url, urllib.request.getproxies()) if transport is None else None
    try:
        return httpx.AsyncClient(
            transport=transport,
            # Where neither server nor proxy speaks TLS no certificate is shown, and reading those that are trusted takes a while.
            verify=tls_context() if any(at and at.startswith("https:") for at in (url, proxy)) else False,
            proxy=proxy,
            trust_env=False,
            timeout=timeout,
            headers=headers,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except ImportError:
        raise NetworkError("The environment names a SOCKS proxy; for one, `pip install 'httpx[socks]'`.") from None
    except (ValueError, httpx.InvalidURL):
        raise NetworkError("The environment names a proxy that is none; check HTTPS_PROXY and ALL_PROXY.") from None


@cache
def tls_context() -> ssl.SSLContext:
    """Trust in the system's certificates, or in those that httpx brings where the system has none.

    Read once and shared, as it is slow and large.
    """
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        return httpx.create_ssl_context()
    return ssl.create_default_context()
