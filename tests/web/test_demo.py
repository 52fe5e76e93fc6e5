"""The demo's accounts: in a village where a newcomer can make every journey."""

from __future__ import annotations

import pytest

from jingzhun_web.access.models import User
from jingzhun_web.demo import demo_accounts
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import EXITED

from .people import PROVINCE


@pytest.mark.usefixtures("undone")
def test_the_village_of_the_demo_has_households_that_can_be_proposed_for_exit() -> None:
    made = demo_accounts(lambda: "invented for the tests 7")
    scope.apply(scope.Scope.of_areas([PROVINCE]))
    village = User.objects.get(username=made[0].username).area
    homes = Household.objects.filter(area=village).exclude(is_registered=False)

    assert homes.exclude(exit_status__in=EXITED).count() >= 1
