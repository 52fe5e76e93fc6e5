"""Whatever the description of the API allows, or nearly allows, is answered as described, and never with a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.api.urls import api
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household
from jingzhun_web.wsgi import application

from .people import PROVINCE, county_of
from .programs import account, secret_of

SEED = 2019
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW, MANY = 2, 60


def described() -> Any:
    """The API's description, its requests answered in this process."""
    found = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="/api/")))
    found.app = application
    return found


SCHEMA = described()
OPERATIONS = {
    str(one.ok().definition.raw["operationId"]): one.ok() for one in SCHEMA.get_all_operations()
}


def fuzz(operation: Any, secret: str, known: dict[str, Any], number: int) -> None:
    """Requests for one operation: such as are described, and such as are nearly so."""
    headers = {"Authorization": f"Bearer {secret}", "Host": "localhost"}
    names = {parameter.name for parameter in operation.path_parameters}
    given_ = {name: value for name, value in known.items() if name in names}
    asked = [(mode, None) for mode in GenerationMode] + [(GenerationMode.POSITIVE, given_)] * bool(
        given_
    )

    for mode, path in asked:
        options: dict[str, Any] = {"path_parameters": path} if path else {}
        try:
            strategy = operation.as_strategy(generation_mode=mode, **options)
        except Exception as error:  # nothing to be varied
            if "negative" in str(error).lower():
                continue
            raise

        @seed(SEED)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def once(case: Case[Any]) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS, headers=headers)

        once()


def of_somebody(role: Role, villages: list[int]) -> tuple[str, dict[str, Any]]:
    """A token of the role in a county, and what there is in it."""
    area = county_of(villages[0])
    secret = secret_of(account(role, area))
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    home = Household.objects.filter(area=villages[0]).order_by("-period").first()
    assert home is not None
    return secret, {
        "household_id": home.household_id,
        "period": home.period,
        "area": f"{villages[0]:012d}",
        "code": f"{villages[0]:012d}",
    }


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's own connection stays open between requests, as with Django's client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", list(Role))
def test_every_operation_answers_as_described(
    role: Role, undone: None, villages: list[int]
) -> None:
    secret, known = of_somebody(role, villages)

    for operation in OPERATIONS.values():
        fuzz(operation, secret, known, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_described_however_it_is_asked(
    name: str, undone: None, villages: list[int]
) -> None:
    role = max(Role, key=lambda one: len(RIGHTS[one] & set(Right)))
    secret, known = of_somebody(role, villages)

    fuzz(OPERATIONS[name], secret, known, MANY)
