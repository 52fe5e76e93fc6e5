"""Administrative divisions: codes, levels, the tree, names, and codes of the past."""

from jingzhun.standard.divisions.codes import (
    Level,
    area_at,
    contains,
    full_code,
    is_within,
    level_of,
    prefix_at,
    prefix_of,
)
from jingzhun.standard.divisions.historic import HistoricCode, historic_codes
from jingzhun.standard.divisions.search import Distance, Match
from jingzhun.standard.divisions.table import Division, read_divisions
from jingzhun.standard.divisions.tree import Divisions, IdRegion

__all__ = [
    "Distance",
    "Division",
    "Divisions",
    "HistoricCode",
    "IdRegion",
    "Level",
    "Match",
    "area_at",
    "contains",
    "full_code",
    "historic_codes",
    "is_within",
    "level_of",
    "prefix_at",
    "prefix_of",
    "read_divisions",
]
