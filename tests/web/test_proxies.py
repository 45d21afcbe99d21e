"""What a proxy tells is believed only when the administrator says that there is one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from registry.config import BadConfig, Config, load
from tests.client import Client

TOLD = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}


def test_a_callers_own_headers_are_not_believed(app: Flask) -> None:
    answer = Client(app).get("/", headers=TOLD).response

    assert "Strict-Transport-Security" not in answer.headers


def test_a_proxy_of_ours_tells_scheme_and_address(
    app: Flask, config: Config, make_app: Callable[..., Flask]
) -> None:
    behind = make_app(replace(config, proxies=1), TESTING=True, RATELIMIT_ENABLED=False)

    answer = Client(behind).get("/", headers=TOLD).response

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("number", ["-1", "6", "one"])
def test_a_number_of_proxies_that_cannot_be_is_refused(number: str) -> None:
    with pytest.raises(BadConfig, match="MUSUBI_PROXIES"):
        load({"MUSUBI_PROXIES": number, "MUSUBI_SECRET_KEY": "x" * 40})
