"""docs/benchmarks-linkage.md from the figures."""


def write() -> None:
    return
