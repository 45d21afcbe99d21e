"""A real server process on loopback, and a person who talks to it over HTTP."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.client import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = {
    name: re.compile(rf'name="{name}"[^>]*value="([^"]*)"')
    for name in ("csrf_token", "idempotency_key", "version")
}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Served:
    """`registry serve` as a process of its own, on a data folder or a database address."""

    data: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        added = {"MUSUBI_DATA": str(self.data), "MUSUBI_DEMO": "1", "PORT": str(self.port)}
        if self.database_url:
            added["DATABASE_URL"] = self.database_url
        return {**os.environ, **added}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `registry …` on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "registry", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self) -> "Served":
        """Start and wait until it says that it is well."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "registry", "serve"],
            cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """kill -9 of the whole process group."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def __enter__(self) -> "Served":
        return self.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.kill()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: a redirect is an answer."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class Person:
    """Somebody with cookies, over real HTTP."""

    def __init__(self, served: Served) -> None:
        self.served = served
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _Stay())

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._open(urllib.request.Request(self.served.url + path))

    def post(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        """Post values with the token and the key of the page at `path`."""
        _status, html = self.get(path)
        return self.send(path, {**self.technical(html), **values})

    def send(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        """Post exactly these values."""
        body = urllib.parse.urlencode(values).encode()
        return self._open(urllib.request.Request(self.served.url + path, data=body))

    @staticmethod
    def technical(html: str) -> dict[str, str]:
        """What a page's form sends unseen: token, idempotency key, version."""
        found = {name: HIDDEN[name].search(html) for name in HIDDEN}
        return {name: match.group(1) for name, match in found.items() if match}

    def sign_in(self, email: str, password: str = PASSWORD) -> "Person":
        status, _text = self.post("/sign-in", {"email": email, "password": password})
        assert status == 302, status
        return self

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
