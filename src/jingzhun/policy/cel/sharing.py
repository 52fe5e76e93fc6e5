"""Parts that several expressions have in common, to be computed once as columns of their own.

Data-frame engines look for common parts too, but not through renamed columns and not cheaply; and a
condition about members is always asked twice, once whether it holds and once whether it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jingzhun.policy.cel.tree import Call, Expr, Field, Fold, Has, children, walk


@dataclass(frozen=True)
class Sharing:
    """Shared parts by the column that holds each, and the order in which they can be computed."""

    names: Mapping[Expr, str]
    stages: Sequence[Sequence[Expr]]


def shared(roots: Iterable[Expr], prefix: str, *, known: Iterable[Expr] = ()) -> Sharing:
    """Parts that occur more than once in `roots` (a root given twice counts twice).

    Parts that are `known` are columns already. Macros over members are leaves: what is inside them is
    computed on persons, before. Stages: a part needs only parts of earlier stages.
    """
    uses: Counter[Expr] = Counter()
    have = set(known)
    stack = list(roots)
    while stack:
        node = stack.pop()
        uses[node] += 1
        if uses[node] == 1 and node not in have and not isinstance(node, Fold):
            stack.extend(children(node))
    wanted = [node for node, n in uses.items() if n > 1 and node not in have and _is_worth(node)]
    depth: dict[Expr, int] = {}
    for node in wanted:
        _depth(node, set(wanted), depth)
    ordered = sorted(wanted, key=lambda node: depth[node])
    names = {node: f"{prefix}{number}" for number, node in enumerate(ordered)}
    levels = sorted(set(depth.values()))
    return Sharing(names, [[n for n in ordered if depth[n] == level] for level in levels])


def early(roots: Iterable[Expr]) -> list[Expr]:
    """The largest parts that ask nothing of members: they can be computed before members are joined.

    Thirty columns of income become one before they are moved, and a rule about persons computes what it
    asks of the household once for all its members.
    """
    found: dict[Expr, None] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if isinstance(node, Call | Has) and not any(_is_of_members(part) for part in walk(node)):
            found[node] = None
        elif not isinstance(node, Fold):
            stack.extend(children(node))
    return list(found)


def late_fields(roots: Iterable[Expr], before: Iterable[Expr]) -> list[Field]:
    """Fields of households and villages that are read beside the parts computed `before`."""
    done, found = set(before), dict[Field, None]()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if isinstance(node, Field) and node.owner != "member":
            found[node] = None
        elif node not in done and not isinstance(node, Fold):
            stack.extend(children(node))
    return list(found)


def _is_of_members(node: Expr) -> bool:
    return isinstance(node, Fold) or (isinstance(node, Field) and node.owner == "member")


def _is_worth(node: Expr) -> bool:
    """Whether computing it again costs more than a column: anything but constants and fields."""
    return isinstance(node, Call | Fold)


def _depth(node: Expr, wanted: set[Expr], depth: dict[Expr, int]) -> int:
    """How many wanted parts stand one inside the other in `node`, itself included; wanted ones noted."""
    if node in depth:
        return depth[node]
    inner = () if isinstance(node, Fold) else children(node)
    found = max((_depth(part, wanted, depth) for part in inner), default=0)
    if node in wanted:
        found += 1
        depth[node] = found
    return found
