"""Who of one table is who of another: a cascade of passes, every link with its evidence.

`link(left, right, spec)` for two tables, `dedupe(frame, spec)` for one. docs/linkage.md tells how.
"""

from jingzhun.linkage.delta import dedupe_delta, link_delta
from jingzhun.linkage.linked import BANDS, Deduplicated, Linked
from jingzhun.linkage.linking import dedupe, link
from jingzhun.linkage.model import Model, read_model
from jingzhun.linkage.spec import Spec, Thresholds, read_spec

__all__ = [
    "BANDS",
    "Deduplicated",
    "Linked",
    "Model",
    "Spec",
    "Thresholds",
    "dedupe",
    "dedupe_delta",
    "link",
    "link_delta",
    "read_model",
    "read_spec",
]
