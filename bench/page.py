"""`docs/benchmarks.md` from the figures in `bench/results/`: `python -m bench.page`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import results

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
Lines = list[str]

HEAD = """\
# Benchmarks

Every figure here comes from a run on one machine, and every table says how to repeat it. `make bench` runs
them all and writes this page anew. Look at the ratios: seconds depend on the machine, and on what else it does.
Goals are those of the design ([architecture](architecture.md), section 7). A goal that was missed says so.
"""


def write() -> None:
    """Make the page anew from what is kept."""
    parts = [HEAD]
    for name, section in SECTIONS.items():
        found = results.read(name)
        if found is not None:
            parts.append("\n".join([*section(found["figures"]), "", _repeat(found)]))
    extra = PAGE.with_name("benchmarks-linkage.md")
    if extra.exists():
        parts.append(f"## Linking people\n\nSee [the page of its own]({extra.name}).")
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _repeat(found: dict[str, Any]) -> str:
    machine = found["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in found["versions"].items())
    return (
        f"`{found['command']}`, {found['date']}, commit {found['commit']}: {machine['cores']} cores "
        f"({machine['processor']}), {machine['memory_gib']} GiB{_pace(machine)}; {versions}."
    )


def _pace(machine: dict[str, Any]) -> str:
    """How fast the machine was that day, where that was noted."""
    pace = machine.get("ms_a_million_additions")
    return f", {pace:g} ms for a million additions in Python" if pace else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(map(str, row))} |" for row in (head, ruler, *rows)]


def _evaluate(figures: dict[str, Any]) -> Lines:
    words = {
        "read": "read the columns",
        "totals": "judge, totals by county",
        "rows": "judge, one result row per household",
    }
    rows = [
        (
            f"{size['households']:,} / {size['persons']:,}",
            words[job],
            f"{one['best']:.2f}",
            f"{one['ratio']:.2f}",
            f"{one['best'] / size['households'] * 1e6:.3f}",
            f"{one['peak_mib']:,}",
        )
        for size in figures["sizes"]
        for job, one in size["jobs"].items()
    ]
    largest = figures["sizes"][-1]["jobs"]
    told = [
        f"{words[job]} {largest[job]['ratio']:.2f} times reading (goal: at most {goal:g}: "
        f"{'reached' if largest[job]['ratio'] <= goal else '**missed**'})"
        for job, goal in figures["goals"].items()
    ]
    return [
        "## Judging every household",
        "",
        "The profile `paper-weighted`, through pack and compiler. Reading is what can't be avoided: the same",
        "columns of the same files, in the same loop. The evaluation with result rows is what",
        "`jingzhun evaluate` does, villages and counties included.",
        "",
        *_table(
            ["households / persons", "job", "s", "x reading", "s per million", "peak MiB"], rows
        ),
        "",
        f"At the largest size: {'; '.join(told)}.",
    ]


def _peers(figures: dict[str, Any]) -> Lines:
    rows = [
        (
            name,
            f"{one['best']:.2f}",
            f"{one['times_ours']:.1f}",
            f"{min(one['compute']):.2f}",
            f"{one['compute_times_ours']:.1f}",
            f"{one['peak_mib']:,}" if one["peak_mib"] else "-",
        )
        for name, one in figures["tools"].items()
    ]
    slower = min(one["times_ours"] for name, one in figures["tools"].items() if name != "jingzhun")
    verdict = "reached" if slower >= figures["goal"] else "**missed**"
    return [
        "## Against other tools, on the same rule",
        "",
        f"{figures['millions']:g} million households. Each tool reads the same files and must give the same",
        "totals by county, or the benchmark fails. *Whole* is from files to totals, *compute* begins with the",
        "columns in the tool's own memory. OpenFisca and pandas use one core, Polars and Spark all.",
        "",
        *_table(["tool", "whole, s", "x ours", "compute, s", "x ours", "peak MiB"], rows),
        "",
        f"The nearest is {slower:.1f} times slower (goal: at least {figures['goal']:g}: {verdict}).",
    ]


def _import(figures: dict[str, Any]) -> Lines:
    return [
        "## Import from CSV, with all checks",
        "",
        *_table(
            ["rows read", "set aside", "source MiB", "s", "rows a second", "peak MiB"],
            [
                (
                    f"{figures['rows']:,}",
                    f"{figures['rejected']:,}",
                    f"{figures['source_mib']:,}",
                    f"{figures['seconds']:.1f}",
                    f"{figures['rows_per_second']:,}",
                    f"{figures['peak_memory_mib']:,}",
                )
            ],
        ),
    ]


def _sample(figures: dict[str, Any]) -> Lines:
    made = [(int(size), one, "no") for size, one in figures["sizes"].items()]
    made += [(int(size), one, "yes") for size, one in figures.get("external", {}).items()]
    rows = [
        (
            f"{size:,}",
            external,
            f"{one['result']['households']:,}",
            f"{one['result']['persons']:,}",
            f"{one['best']:.1f}",
            f"{one['peak_mib']:,}",
        )
        for size, one, external in sorted(made, key=lambda row: (row[0], row[2]))
    ]
    head = ["asked for", "external tables", "households", "persons", "s", "peak MiB"]
    return ["## Making the sample province", "", *_table(head, rows)]


def _id_numbers(figures: dict[str, Any]) -> Lines:
    rows = [
        (name, f"{one['seconds']:.2f}", f"{one['per_second'] / 1e6:.2f}")
        for name, one in figures["jobs"].items()
    ]
    head = [f"{figures['rows']:,} identity numbers", "s", "million a second"]
    return ["## Identity numbers", "", *_table(head, rows)]


def _crosscheck(figures: dict[str, Any]) -> Lines:
    found, goals = figures["result"], figures["goals"]
    minutes = figures["best"] / 60
    stages = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in figures["stages"].items())
    in_time = minutes <= goals["minutes"] and figures["peak_mib"] <= goals["mib"]
    people = [
        (row["label"]["en"], f"{row['records']:,}", f"{row['recall']:.2%}")
        for row in found["truth"]["recall_by_ethnicity"]
        if row["recall"] is not None
    ]
    kinds = [
        (row["finding"], row["found"], f"{row['precision']:.1%}", f"{row['recall']:.1%}")
        for row in found["truth"]["by_finding"]
        if row["precision"] is not None and row["recall"] is not None
    ]
    return [
        "## The whole cross-check",
        "",
        f"{figures['households']:,} households, {found['records']:,} records of 15 departments, from nothing:",
        "every source linked by a model trained on the way, every rule asked, findings stored.",
        "",
        f"{minutes:.1f} minutes ({stages}), at most {figures['peak_mib']:,} MiB (goal: {goals['minutes']} minutes,"
        f" {goals['mib']:,} MiB: {'reached' if in_time else '**missed**'}). {found['findings']:,} findings;"
        f" {found['truth']['links']['right']:,} of {found['truth']['links']['links']:,} links right.",
        "",
        *_table(["records of people who are", "on the register", "linked"], people),
        "",
        *_table(["findings of a kind", "found", "really so", "of what is so, found"], kinds),
    ]


def _load(figures: dict[str, Any]) -> Lines:
    met = "reached" if figures["ratio"] <= figures["goal"] else "**missed**"
    head = ["households", "rows", "bare COPY, s", "load, s", "ratio"]
    row = (
        f"{figures['households']:,}",
        f"{figures['rows']:,}",
        f"{figures['bare_copy_seconds']:.1f}",
        f"{figures['load_seconds']:.1f}",
        f"{figures['ratio']:.2f}",
    )
    return [
        "## Loading a register into the platform",
        "",
        "The first register of all, from a workspace into the embedded PostgreSQL: read, sealed, indexed, checked",
        "against row security, summed by village. Bare COPY writes the same rows into tables without key, index,",
        "policy or trigger; making its text is not counted. Later years keep all indexes row by row and take",
        "longer.",
        "",
        *_table(head, [row]),
        "",
        f"{figures['ratio']:.2f} times bare COPY (goal: at most {figures['goal']:g}: {met}).",
    ]


def _goals_of_requests(kinds: dict[str, Any], goals: dict[str, float]) -> list[str]:
    ratio, most = kinds["archive_json"]["ratio"], goals["p95_ms"]
    told = {
        f"archive JSON at {ratio:.2f} of bare (goal: at least {goals['archive_json']:g}": ratio
        >= goals["archive_json"],
    }
    ways = {"alone": "One client alone", "reading": "With clients who read", "": "Without a pause"}
    for way, words in ways.items():
        p95 = {kind: (one[way] if way else one)["p95_ms"] for kind, one in kinds.items()}
        listed = max(ms for kind, ms in p95.items() if _is_list(kind))
        slowest = max(p95.values())
        told[
            f"{words}: slowest p95 of lists, searches and exports {listed:.0f} ms (goal: at most {most} ms"
        ] = listed <= most
        told[f"of all {slowest:.0f} ms (same goal"] = slowest <= most
    return [f"{text}: {'reached' if met else '**missed**'})" for text, met in told.items()]


def _is_list(kind: str) -> bool:
    return kind.startswith(("list", "search", "export", "province_list"))


def _requests(figures: dict[str, Any]) -> Lines:
    kinds = figures["kinds"]
    rows = [
        (
            kind.replace("_", " "),
            f"{one['per_second']:,}",
            f"{one['bare_per_second']:,}",
            f"{one['ratio']:.2f}",
            *(f"{one[name]:.1f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
            *(f"{one[way]['p95_ms']:.1f}" for way in ("reading", "alone")),
            f"{one['client_ms']:.2f}",
        )
        for kind, one in kinds.items()
    ]
    return [
        "## Requests of the platform",
        "",
        f"{figures['households']:,} households, {figures['clients']} clients over open connections, a county's",
        "officer with area scope on, the server as `jingzhun-web demo` runs it. *Bare* is ASGI and psycopg on the",
        "same server program, reading the same rows without accounts, scope, decryption, framework. Load comes",
        "from the same machine; *client* is the processor time that one answer costs the generator. The clients",
        "never pause, so that both cores are always busy and times are mostly waiting; besides, a server process",
        "keeps the connections it has taken, so that six clients of one may wait half as long as ten of another.",
        "*Reading* are as many clients who pause a second on average before asking again; *alone* is one client.",
        "*Province* is asked by the province's analyst; an exported village is its whole list as CSV.",
        "",
        *_table(
            [
                "request",
                "/s",
                "bare /s",
                "ratio",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "reading p95",
                "alone p95",
                "client ms",
            ],
            rows,
        ),
        "",
        f"{'; '.join(_goals_of_requests(kinds, figures['goals']))}.",
    ]


SECTIONS: dict[str, Callable[[dict[str, Any]], Lines]] = {
    "evaluate": _evaluate,
    "peers": _peers,
    "crosscheck": _crosscheck,
    "import_register": _import,
    "make_sample": _sample,
    "id_numbers": _id_numbers,
    "platform_load": _load,
    "platform_requests": _requests,
}


if __name__ == "__main__":
    write()
