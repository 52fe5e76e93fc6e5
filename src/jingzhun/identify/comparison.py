"""What changed between two periods, counted: who entered, left, stayed, and for what reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.identify import distribution
from jingzhun.identify.areas import Areas
from jingzhun.identify.dimensions import DIMENSIONS, UNKNOWN, UNKNOWN_LABEL
from jingzhun.identify.figures import Row, added, ratio
from jingzhun.identify.sums import HUNDREDTHS, Sums, Table, total, whole
from jingzhun.identify.transitions import CHANGES, DRIVERS
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

Lazy: TypeAlias = nw.LazyFrame[Any]

COUNTS = ("households", "persons")
STATES = ("yes", "no", UNKNOWN, "absent")
"""What a yes-or-no fact can be in one period; `absent` where the household is not in the data."""

EFFECTS = tuple(f"effect_{name}_hundredths" for name in DRIVERS)
_REGISTER = {
    "registered_new": Label(en="newly on the register", zh="新纳入建档立卡"),
    "registered_still": Label(en="on the register in both periods", zh="两期均在册"),
    "registered_dropped": Label(en="taken off the register", zh="移出建档立卡"),
    "registered_never": Label(en="not on the register in either period", zh="两期均未建档立卡"),
    "exit_recorded": Label(en="exit recorded between the periods", zh="两期之间登记脱贫"),
    "exit_earlier": Label(en="recorded as exited before", zh="此前已登记脱贫"),
    "exit_not_recorded": Label(en="no exit recorded", zh="未登记脱贫"),
}
_TURNED = {
    "yes": Label(en="now yes", zh="由否变为是"),
    "no": Label(en="now no", zh="由是变为否"),
}

EXITED = ("exited", "exited_no_policy", "exited_policy")


def compare_sums(rows: Lazy, conditions: Sequence[str]) -> Sums:
    """The sums of some transitions; they add up over counties."""
    ready = rows.with_columns(
        county=DIMENSIONS["county"].value,
        households=nw.lit(1, dtype=nw.Int64),
        persons=nw.col("persons").cast(nw.Int64),
        poor_before=_state("is_poor", "before"),
        poor_after=_state("is_poor", "after"),
        registered_before=_state("is_registered", "before"),
        registered_after=_state("is_registered", "after"),
        **_effect_sums(),
    )
    by = {
        "change": ["county", "change", "poor_before", "poor_after"],
        "cause": ["change", "main_cause"],
        "register": ["change", "registered_before", "registered_after"],
        "exit": ["change", "exit_status_before", "exit_status_after"],
        **{f"turned {name}": ["change", f"{name}_turned"] for name in conditions},
    }
    tables: dict[str, Table] = {name: total(ready, keys, COUNTS) for name, keys in by.items()}
    tables["driver"] = total(ready, ["change", "driver"], [*COUNTS, "effect_persons", *EFFECTS])
    return Sums(tables)


def _state(name: str, side: str) -> nw.Expr:
    value = nw.col(f"{name}_{side}")
    gone = "appeared" if side == "before" else "disappeared"
    known = nw.when(value).then(nw.lit("yes")).otherwise(nw.lit("no"))
    here = nw.when(value.is_null()).then(nw.lit(UNKNOWN)).otherwise(known)
    return nw.when(nw.col("change") == gone).then(nw.lit("absent")).otherwise(here)


def _effect_sums() -> dict[str, nw.Expr]:
    """Effects of households whose change of income is known in full, times their persons."""
    known = ~nw.col("effect_other").is_null() & ~nw.col("effect_wage").is_null()
    persons, nothing = nw.col("household_size_after"), nw.lit(0, dtype=nw.Int64)
    sums = {"effect_persons": nw.when(known).then(persons).otherwise(nothing)}
    for name in DRIVERS:
        amount = whole(nw.col(f"effect_{name}") * persons * HUNDREDTHS)
        sums[f"effect_{name}_hundredths"] = nw.when(known).then(amount).otherwise(nothing)
    return sums


def comparison(
    sums: Sums, areas: Areas, labels: Mapping[str, Label], first: int, second: int
) -> dict[str, Any]:
    """The comparison as figures: `entered`, `left`, `stayed` ... are households, by their income.

    `reasons` say for who entered and who left: the main cause, which part of income did most, what the
    register recorded, and which conditions turned. A household counts once under each kind of reason.
    `labels` name the conditions. Households new in the data are not `entered`: their past is not known.
    """
    changes = sums.rows("change")
    counts = distribution.grouped(changes, "change")
    return {
        "from": first,
        "to": second,
        **{name: counts.get(name, {}).get("households", 0) for name in CHANGES},
        "persons": {name: counts.get(name, {}).get("persons", 0) for name in CHANGES},
        "appeared_poor": _households(changes, change="appeared", poor_after="yes"),
        "disappeared_poor": _households(changes, change="disappeared", poor_before="yes"),
        "by_county": _by_county(changes, areas),
        "reasons": reasons(sums, labels),
        "exit_statuses": exit_matrix(sums.rows("exit")),
        "effects_per_person_yuan": _effects(sums.rows("driver")),
    }


def _households(rows: Sequence[Row], **wanted: str) -> int:
    chosen = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return int(sum(row["households"] for row in chosen))


def _by_county(rows: Sequence[Row], areas: Areas) -> list[dict[str, Any]]:
    cells = distribution.grouped(rows, lambda row: (row["county"], row["change"]))
    none: Mapping[str, int] = {}
    return [
        {
            "code": code,
            "name": areas.name(code),
            **{name: cells.get((code, name), none).get("households", 0) for name in CHANGES},
        }
        for code in sorted({code for code, _ in cells})
    ]


def reasons(sums: Sums, labels: Mapping[str, Label]) -> list[dict[str, Any]]:
    """Reasons of each change, most frequent first within a kind."""
    found = []
    for change in ("entered", "left"):
        found += _causes(change, sums.rows("cause"))
        found += _drivers(change, sums.rows("driver"))
        found += _recorded(change, sums)
        found += _conditions(change, sums, labels)
    return found


def _reason(change: str, kind: str, code: str, label: Label, counts: Row) -> dict[str, Any]:
    return {
        "change": change,
        "kind": kind,
        "code": code,
        "label": label.model_dump(),
        "households": counts["households"],
        "persons": counts["persons"],
    }


def _of(rows: Sequence[Row], change: str) -> list[Row]:
    return [row for row in rows if row["change"] == change]


def _most_first(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(reasons, key=lambda r: (-r["households"], r["code"]))


def _causes(change: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    dimension = DIMENSIONS["cause"]
    counts = distribution.grouped(_of(rows, change), "main_cause")
    return _most_first(
        [
            _reason(change, "cause", code or UNKNOWN, dimension.label_of(code), counts[code])
            for code in counts
        ]
    )


def _drivers(change: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    counts = distribution.grouped(_of(rows, change), "driver")
    return _most_first(
        [
            _reason(
                change, "driver", code or UNKNOWN, DRIVERS.get(code, UNKNOWN_LABEL), counts[code]
            )
            for code in counts
        ]
    )


def _recorded(change: str, sums: Sums) -> list[dict[str, Any]]:
    """What the register did meanwhile: put on or taken off for who entered, exits for who left."""
    if change == "entered":
        counts = distribution.grouped(_of(sums.rows("register"), change), _registered_code)
    else:
        counts = distribution.grouped(_of(sums.rows("exit"), change), _exit_code)
    return _most_first(
        [_reason(change, "register", code, _REGISTER[code], counts[code]) for code in counts]
    )


def _registered_code(row: Row) -> str:
    # Unknown counts as registered, as everywhere in identification.
    was, is_ = row["registered_before"] != "no", row["registered_after"] != "no"
    names = {
        (False, True): "registered_new",
        (True, True): "registered_still",
        (True, False): "registered_dropped",
        (False, False): "registered_never",
    }
    return names[was, is_]


def _exit_code(row: Row) -> str:
    if row["exit_status_after"] not in EXITED:
        return "exit_not_recorded"
    return "exit_earlier" if row["exit_status_before"] in EXITED else "exit_recorded"


def _conditions(change: str, sums: Sums, labels: Mapping[str, Label]) -> list[dict[str, Any]]:
    found = []
    for name, label in labels.items():
        rows = _of(sums.rows(f"turned {name}"), change)
        counts = distribution.grouped(rows, f"{name}_turned")
        for turned, how in _TURNED.items():
            if turned in counts:
                both = Label(en=f"{label.en}: {how.en}", zh=f"{label.zh}：{how.zh}")
                code = f"{name}:{turned}"
                found.append(_reason(change, "condition", code, both, counts[turned]))
    return _most_first(found)


def exit_matrix(rows: Sequence[Row]) -> dict[str, Any]:
    """Exit status before (rows) by after (columns), in households; `unknown` where not recorded.

    Only households in both periods.
    """
    both = [row for row in rows if row["change"] not in ("appeared", "disappeared")]
    cells = distribution.grouped(
        both, lambda row: (row["exit_status_before"], row["exit_status_after"])
    )
    listed = [value.code for value in schema.code_list("exit_status").values]
    used = {code for pair in cells for code in pair}
    codes = [code for code in [*listed, None] if code in used]
    none: Mapping[str, int] = {}
    names = [code or UNKNOWN for code in codes]
    return {
        "rows": names,
        "columns": names,
        "households": [
            [cells.get((b, a), none).get("households", 0) for a in codes] for b in codes
        ],
    }


def _effects(rows: Sequence[Row]) -> dict[str, dict[str, float | None]]:
    """Mean part of each driver in the change of distance to the line, by change, per person."""
    found = {}
    for change in ("entered", "left", "stayed", "not_poor"):
        sums = added(_of(rows, change))
        found[change] = {
            name: ratio(
                sums.get(f"effect_{name}_hundredths", 0) / HUNDREDTHS, sums.get("effect_persons", 0)
            )
            for name in DRIVERS
        }
    return found
