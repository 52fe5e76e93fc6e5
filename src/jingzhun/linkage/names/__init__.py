"""Names compared: a normal form, keys of a name, and how far two names agree.

Stored names are never changed: everything here is made beside them.
"""

from jingzhun.linkage.names.frequency import frequencies, measured_shares, surname_shares
from jingzhun.linkage.names.keys import Part, name_keys
from jingzhun.linkage.names.level import Level
from jingzhun.linkage.names.levels import NameTable, levels, similarity
from jingzhun.linkage.names.normal import clean, display
from jingzhun.linkage.names.shipped import tables_version

__all__ = [
    "Level",
    "NameTable",
    "Part",
    "clean",
    "display",
    "frequencies",
    "levels",
    "measured_shares",
    "name_keys",
    "similarity",
    "surname_shares",
    "tables_version",
]
