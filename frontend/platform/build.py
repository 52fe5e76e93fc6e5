"""Builds the platform's script and styles with Vite into the package's static files.

Called by `make setup`; needs Python only (Node comes from a wheel). Does nothing when they are there and the
inputs have not changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from building import BuildError, call, install, stamp, tools  # noqa: E402

OUT = HERE.parents[1] / "src/jingzhun_web/static/platform"
INPUTS = (
    "package-lock.json",
    "package.json",
    "vite.config.js",
    "main.ts",
    "charts.ts",
    "style.css",
    "icon.svg",
    "build.py",
)


def main() -> int:
    """0 when the files are there; 1 with words when they could not be made."""
    mark, state = OUT / "built.txt", stamp(HERE, INPUTS)
    if mark.is_file() and mark.read_text(encoding="utf-8").strip() == state:
        return 0
    print("Building the pages of the platform ...", file=sys.stderr)
    try:
        node, npm = tools()
        install(npm, HERE)
        vite = str(HERE / "node_modules/vite/bin/vite.js")
        call(
            [*node, vite, "build", "--logLevel", "warn"], HERE, "Delete node_modules and try again."
        )
    except (BuildError, OSError) as error:
        print(f"The pages could not be built. {error}", file=sys.stderr)
        return 1
    mark.write_text(f"{state}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
