"""Other departments' records come in under an agreement, once, and every value tells where it comes from."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jingzhun.frames.deliveries import deliveries
from jingzhun_web.access.actors import Actor
from jingzhun_web.exchange import agreements, lineage, services, snapshots, store
from jingzhun_web.exchange.models import Agreement, Import, State
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .intake_support import PERIOD, checked, csv, done, home, officer, report, uploaded
from .people import county_of

ON = date(2019, 12, 31)


pytestmark = pytest.mark.usefixtures("filled_home")


@pytest.fixture
def county(villages: list[int]) -> int:
    return county_of(villages[0])


@pytest.fixture
def one(undone: None, county: int) -> Actor:
    return officer("first", county)


@pytest.fixture
def two(one: Actor, county: int) -> Actor:
    made = officer("second", county)
    scope.apply(one.scope)
    return made


def agreed(
    by: Actor, area: int, *, until: date = date(2100, 1, 1), read: bool = False
) -> Agreement:
    return agreements.make_agreement(
        by=by,
        area=area,
        department="invented traffic police",
        tables=["vehicles"],
        may_deliver=not read,
        may_read=read,
        purpose="cross-check of the register",
        legal_basis="invented agreement 1",
        valid_from=date(2019, 1, 1),
        valid_until=until,
    )


def car(record: str, village: int) -> dict[str, object]:
    return {
        "record_id": record,
        "period": PERIOD,
        "name": "样例乙",
        "area_code": f"{village:012d}",
        "plate_number": "样A00001",
    }


def taken_over(one: Actor, two: Actor, batch: Import) -> Import:
    batch = checked(one, batch)
    services.propose_import(by=one, batch=batch)
    scope.apply(two.scope)
    done(two, services.approve_import(by=two, batch=batch))
    scope.apply(one.scope)
    batch.refresh_from_db()
    return batch


def test_without_an_agreement_nothing_comes_in(
    one: Actor, county: int, villages: list[int]
) -> None:
    with pytest.raises(agreements.AgreementError, match="vehicles"):
        uploaded(one, county, ("v.csv", csv([car("V1", villages[0])])), table="vehicles")


@pytest.mark.parametrize("case", ["ended", "expired", "reads only"])
def test_an_agreement_that_does_not_hold_lets_nothing_in(
    one: Actor, county: int, villages: list[int], case: str
) -> None:
    today = timezone.localdate()
    found = agreed(
        one,
        county,
        until=today if case == "expired" else date(2100, 1, 1),
        read=case == "reads only",
    )
    if case == "ended":
        agreements.end_agreement(by=one, agreement=found)

    with pytest.raises(agreements.AgreementError):
        uploaded(one, county, ("v.csv", csv([car("V1", villages[0])])), table="vehicles")


def test_a_delivery_goes_to_the_other_departments_records_and_into_the_next_snapshot(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    agreed(one, county)
    before = snapshots.taken(area=county, period=PERIOD).workspace.rows("vehicles", PERIOD)

    batch = taken_over(
        one,
        two,
        uploaded(one, county, ("v.csv", csv([car("V1", villages[0])])), table="vehicles"),
    )

    assert batch.state == State.APPLIED
    assert report(batch)["difference"]["vehicles"]["new"] == 1
    after = snapshots.taken(area=county, period=PERIOD).workspace
    assert after.rows("vehicles", PERIOD) == before + 1
    exchange = store.exchange_workspace()
    assert exchange is not None
    own = [one for one in deliveries(exchange, "vehicles") if one.id.startswith(batch.engine_id)]
    assert [(one.source, one.rows) for one in own] == [("invented traffic police", 1)]
    assert not list(exchange.path.glob("rejects/*"))


def test_the_same_delivery_again_changes_nothing(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    agreed(one, county)
    data = csv([car("V1", villages[0])])
    taken_over(one, two, uploaded(one, county, ("v.csv", data), table="vehicles"))

    again = checked(one, uploaded(one, county, ("v.csv", data), table="vehicles"))

    with pytest.raises(services.IntakeError):
        services.propose_import(by=one, batch=again)


def test_a_record_of_another_area_is_not_taken_over_by_using_its_number(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    elsewhere = next(village for village in villages if county_of(village) != county)
    beside = officer("beside", county_of(elsewhere))
    beside_two = officer("beside two", county_of(elsewhere))
    scope.apply(beside.scope)
    agreed(beside, county_of(elsewhere))
    given = ("v.csv", csv([car("V1", elsewhere)]))
    taken_over(beside, beside_two, uploaded(beside, county_of(elsewhere), given, table="vehicles"))
    scope.apply(one.scope)
    agreed(one, county)

    rows = csv([car("V1", villages[0]), car("V2", villages[0])])
    batch = taken_over(one, two, uploaded(one, county, ("w.csv", rows), table="vehicles"))

    assert report(batch)["tables"]["vehicles"]["rejected"] == 1
    assert batch.state == State.APPLIED
    exchange = store.exchange_workspace()
    assert exchange is not None
    rows_elsewhere = exchange.read("vehicles", f"{elsewhere:012d}"[:6], PERIOD)
    assert rows_elsewhere is not None
    assert rows_elsewhere.filter(record_id="V1").height == 1


def test_records_of_other_areas_are_rejected(one: Actor, county: int, villages: list[int]) -> None:
    agreed(one, county)
    elsewhere = next(village for village in villages if county_of(village) != county)
    rows = [car("V1", villages[0]), car("V2", elsewhere)]

    batch = checked(one, uploaded(one, county, ("v.csv", csv(rows)), table="vehicles"))

    assert report(batch)["tables"]["vehicles"]["rejected"] == 1


def test_an_agreement_is_made_in_ones_own_area_only(
    one: Actor, county: int, villages: list[int]
) -> None:
    elsewhere = next(village for village in villages if county_of(village) != county)

    with pytest.raises(PermissionDenied):
        agreed(one, county_of(elsewhere))


def test_an_agreement_of_the_province_holds_in_its_counties_and_siblings_see_none(
    one: Actor, county: int, villages: list[int]
) -> None:
    agreed(one, county)
    elsewhere = next(village for village in villages if county_of(village) != county)
    province_officer = officer("province", 620000000000)
    agreed(province_officer, 620000000000)

    scope.apply(scope.Scope.of_areas([f"{county_of(elsewhere):012d}"]))

    seen = list(Agreement.objects.values_list("area", flat=True))
    assert seen == [620000000000]
    agreements.must_allow_delivery(
        table="vehicles", area=county_of(elsewhere), on=timezone.localdate()
    )


def test_a_value_tells_file_row_and_column_and_others_their_first_load(
    one: Actor, two: Actor, county: int, villages: list[int]
) -> None:
    known = Household.objects.filter(area=villages[0]).order_by("household_id")[0]
    rows = [home("T900", villages[0]), home(known.household_id, villages[0], debt_yuan=77)]
    batch = taken_over(one, two, uploaded(one, county, ("debts.csv", csv(rows))))

    found = {o.field: o for o in lineage.origins("households", known.household_id, PERIOD)}

    debt = found["debt_yuan"]
    assert (debt.batch, debt.file, debt.row, debt.column) == (batch, "debts.csv", 3, "debt_yuan")
    assert found["cultivated_mu"].source.startswith("register 2019")
    assert found["cultivated_mu"].batch is None
    sealed = [found[field].batch for field in ("phone", "bank_account") if field in found]
    assert not any(sealed)
