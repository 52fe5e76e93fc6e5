"""Linking people without showing who they are: two departments encode with one key, a third party compares.

`make_key` -> `encode` on either side -> `link_encoded` on the two files. What this protects, and what it
does not, is told in docs/linkage-private.md.
"""

from jingzhun.linkage.private.encoded import Encoded, read_encoded
from jingzhun.linkage.private.encoding import encode
from jingzhun.linkage.private.frequent import frequent_bits
from jingzhun.linkage.private.keys import BYTES as KEY_BYTES
from jingzhun.linkage.private.keys import Key, make_key, read_key
from jingzhun.linkage.private.linking import LinkedEncodings, link_encoded
from jingzhun.linkage.private.settings import Columns, Limits, Settings, read_settings

__all__ = [
    "KEY_BYTES",
    "Columns",
    "Encoded",
    "Key",
    "Limits",
    "LinkedEncodings",
    "Settings",
    "encode",
    "frequent_bits",
    "link_encoded",
    "make_key",
    "read_encoded",
    "read_key",
    "read_settings",
]
