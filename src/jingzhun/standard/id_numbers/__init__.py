"""Identity numbers (GB 11643-1999) and disability certificates: what they say, and what is wrong.

`inspect` judges one number in words; the column functions judge millions with the same meaning.
"""

from jingzhun.standard.id_numbers.arrays import check_characters
from jingzhun.standard.id_numbers.columns import (
    birth_date,
    is_valid,
    kind,
    made_ids,
    normalised,
    problem,
    sex,
    with_id_columns,
)
from jingzhun.standard.id_numbers.facts import Kind, Problem, Sex, province_codes
from jingzhun.standard.id_numbers.single import IdReport, check_character, inspect, make_id

__all__ = [
    "IdReport",
    "Kind",
    "Problem",
    "Sex",
    "birth_date",
    "check_character",
    "check_characters",
    "inspect",
    "is_valid",
    "kind",
    "made_ids",
    "make_id",
    "normalised",
    "problem",
    "province_codes",
    "sex",
    "with_id_columns",
]
