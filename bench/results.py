"""Where figures are kept: `bench/results/<name>.json`, each with the machine and versions it came from."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from timeit import repeat
from typing import Any

FOLDER = Path(__file__).parent / "results"
PACKAGES = ("jingzhun", "polars", "narwhals", "numpy")


def write(name: str, command: str, figures: dict[str, Any], **versions: str) -> Path:
    """Keep figures with the command that makes them again, the machine, versions and date."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    content = {
        "name": name,
        "command": command,
        "date": datetime.now(tz=UTC).date().isoformat(),
        "commit": _commit(),
        "machine": machine(),
        "versions": {**_versions(), **versions},
        "figures": figures,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def read(name: str) -> dict[str, Any] | None:
    """What was kept under `name`; None when the benchmark has not run yet."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def machine() -> dict[str, Any]:
    """Processor, cores, memory, how busy the machine was with other things, and how fast it was that day: a
    borrowed one runs at 0.4 of its speed on some days."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load_at_end": round(os.getloadavg()[0], 1),
        "ms_a_million_additions": _pace(),
    }


def _pace() -> float:
    """Milliseconds of a million additions in Python, the quickest of five."""
    return round(min(repeat("n += 1", "n = 0", number=1_000_000, repeat=5)) * 1000, 1)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str:
    """The commit measured; with `+` where the sources measured are not what was committed."""
    changed = _git("status", "--porcelain", "--", "../src", "*.py")
    return _git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
