"""Which findings are re-checked: a share, drawn so that nobody can tell before, and the same when drawn again."""

from __future__ import annotations

from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.keys import seals

_OF = 2**32


def is_drawn(finding: Finding) -> bool:
    """Whether a finding is in the sample. Who judges it can't know: the draw is keyed."""
    drawn = seals().index(f"recheck {finding.finding_id} {finding.period}")
    return int.from_bytes(drawn[:4], "big") < environment().recheck_share * _OF
