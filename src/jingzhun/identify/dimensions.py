"""By what the poor are counted: areas, causes, ethnicity, education, health, household size, labour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw

from jingzhun.errors import UserError
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

Grain = Literal["household", "person"]

UNKNOWN = "unknown"
UNKNOWN_LABEL = Label(en="not known", zh="不详")
TOP_SIZE = 10
"""Households of this size and more are one band, so that single large families can't be recognised."""


@dataclass(frozen=True)
class Dimension:
    """One way of dividing households or persons. Its value is a code; null means not known.

    `grain` person: rows are persons with the status of their household. `many`: a row may carry several
    codes and then counts under each of them, so the counts do not add up to the total.
    """

    name: str
    label: Label
    value: nw.Expr
    grain: Grain = "household"
    codes: str | None = None
    many: bool = False

    @property
    def is_area(self) -> bool:
        """Whether its codes are areas."""
        return self.name in AREA_LEVELS

    def label_of(self, code: str | None) -> Label:
        """The name of a code; areas are named by their tree instead (`areas`)."""
        if code is None or code == UNKNOWN:
            return UNKNOWN_LABEL
        if self.codes is not None:
            known = schema.code_list(self.codes).by_code().get(code)
            return known.label if known else Label(en=code, zh=code)
        return OWN_LABELS.get(self.name, {}).get(code) or _size_label(code)

    def order(self, code: str | None) -> tuple[int, str]:
        """Sort key of a code: as in the code list, numbers by size, not known last."""
        if code is None or code == UNKNOWN:
            return (10**9, "")
        if self.codes is not None:
            listed = [value.code for value in schema.code_list(self.codes).values]
            return (listed.index(code) if code in listed else len(listed), code)
        number = code.rstrip("+")
        return (int(number) if number.isdigit() and not self.is_area else 0, code)


def _size_label(code: str) -> Label:
    if code.endswith("+"):
        return Label(en=f"{code[:-1]} or more", zh=f"{code[:-1]}人及以上")
    return Label(en=code, zh=f"{code}人")


def _area(digits: int, zeros: int) -> nw.Expr:
    head = nw.col("village_code").str.slice(0, digits)
    return nw.concat_str(head, nw.lit("0" * zeros)) if zeros else head


def _size_band() -> nw.Expr:
    size = nw.col("household_size")
    band = nw.when(size >= TOP_SIZE).then(nw.lit(f"{TOP_SIZE}+"))
    return band.otherwise(size.cast(nw.String))


def _registered() -> nw.Expr:
    return nw.when(counts_as_registered()).then(nw.lit("yes")).otherwise(nw.lit("no"))


def counts_as_registered() -> nw.Expr:
    """Whether a household is on the register of the poor.

    A register usually holds registered households only, so unknown counts as registered: our default.
    """
    return nw.col("is_registered").fill_null(True)


AREA_LEVELS = ("prefecture", "county", "township", "village")

OWN_LABELS: Mapping[str, Mapping[str, Label]] = {
    "registered": {
        "yes": Label(en="registered", zh="建档立卡"),
        "no": Label(en="not registered", zh="非建档立卡"),
    },
}

DIMENSIONS: Mapping[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("prefecture", Label(en="prefecture", zh="市州"), _area(4, 2)),
        Dimension("county", Label(en="county", zh="县区"), _area(6, 0)),
        Dimension("township", Label(en="township", zh="乡镇"), _area(9, 3)),
        Dimension("village", Label(en="village", zh="村"), nw.col("village_code")),
        Dimension(
            "cause",
            Label(en="main cause", zh="主要致贫原因"),
            nw.col("main_cause"),
            codes="poverty_cause",
        ),
        Dimension(
            "other_cause",
            Label(en="other causes", zh="其他致贫原因"),
            nw.col("other_causes"),
            codes="poverty_cause",
            many=True,
        ),
        Dimension(
            "head_ethnicity",
            Label(en="ethnicity of the head", zh="户主民族"),
            nw.col("ethnicity_of_head"),
            codes="ethnicity",
        ),
        Dimension("household_size", Label(en="household size", zh="家庭人口"), _size_band()),
        Dimension("registered", Label(en="register", zh="建档立卡"), _registered()),
        Dimension(
            "exit_status",
            Label(en="exit status", zh="脱贫属性"),
            nw.col("exit_status"),
            codes="exit_status",
        ),
        Dimension(
            "ethnicity",
            Label(en="ethnicity", zh="民族"),
            nw.col("ethnicity"),
            "person",
            "ethnicity",
        ),
        Dimension(
            "education",
            Label(en="education", zh="文化程度"),
            nw.col("education"),
            "person",
            "education",
        ),
        Dimension(
            "health",
            Label(en="health", zh="健康状况"),
            nw.col("health"),
            "person",
            "health",
            many=True,
        ),
        Dimension(
            "labour",
            Label(en="labour ability", zh="劳动能力"),
            nw.col("labour_ability"),
            "person",
            "labour_ability",
        ),
    )
}


def dimensions(names: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions with these names; UserError names the known ones when one is wrong or repeated."""
    for name in names:
        if name not in DIMENSIONS or list(names).count(name) > 1:
            wrong = "is named twice" if name in DIMENSIONS else "does not exist"
            raise UserError(
                f"Dimension '{name}' {wrong}", do=f"Choose from {', '.join(DIMENSIONS)}"
            )
    return tuple(DIMENSIONS[name] for name in names)


def grain_of(chosen: Sequence[Dimension]) -> Grain:
    """What is counted: persons as soon as one dimension is about persons."""
    return "person" if any(d.grain == "person" for d in chosen) else "household"
