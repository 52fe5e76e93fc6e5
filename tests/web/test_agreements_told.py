"""What an agreement brings about, and what it only records, is told where it is made."""

from __future__ import annotations

from jingzhun_web.access.roles import Role
from jingzhun_web.api.urls import api

from .accounts_support import Places
from .people import SignedIn


def test_the_page_says_that_may_read_is_only_recorded(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.COUNTY, places.county)

    page = client.get("/agreements/", headers={"Accept-Language": "en"}).content.decode()

    assert "“May read” is recorded only" in page


def test_the_api_says_so_for_what_is_given_and_for_what_is_answered() -> None:
    described = api.get_openapi_schema()["components"]["schemas"]

    for name in ("AgreementFacts", "AgreementRow"):
        told = described[name]["properties"]["may_read"]["description"]
        assert told.startswith("Recorded only")
