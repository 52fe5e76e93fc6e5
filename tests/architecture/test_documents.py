"""Documents hold together: both READMEs say the same, links lead somewhere, changes are told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from .source import CHINESE, ROOT

ENGLISH, CHINESE_README = ROOT / "README.md", ROOT / "README.zh-Hans.md"
ADRS = ROOT / "docs" / "adr"
REGISTRIES = (
    "pypi.org",
    "pythonhosted",
    "npmjs",
    "artifactory",
    "maven",
    "tuna.tsinghua",
    "index-url",
)
"""Where packages come from is a setting of the machine, not of the project."""

MARK = re.compile(r"TODO\(lead\)")


def _documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _blocks(text: str, kind: str) -> list[str]:
    """Fenced blocks of a kind, without comments: they are in the reader's language."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [
        "\n".join(re.sub(r"\s+#.*$", "", line) for line in block.splitlines()) for block in found
    ]


def _prose(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _levels(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", _prose(text), flags=re.MULTILINE)]


def _links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", _prose(text))


def _rows(text: str) -> list[int]:
    """Cells of every table row, in order: tables of the same shape give the same list."""
    return [line.count("|") for line in text.splitlines() if line.startswith("|")]


def test_both_readmes_have_the_same_headings() -> None:
    assert _levels(_text(ENGLISH)) == _levels(_text(CHINESE_README))


def test_both_readmes_show_the_same_commands_and_as_much_output() -> None:
    english, chinese = _text(ENGLISH), _text(CHINESE_README)

    assert _blocks(english, "console") == _blocks(chinese, "console")
    assert len(_blocks(english, "text")) == len(_blocks(chinese, "text"))


def test_both_readmes_have_the_same_tables_and_links() -> None:
    languages = {ENGLISH.name, CHINESE_README.name}
    english, chinese = (
        [link.replace("-zh.", "-en.") for link in _links(_text(path)) if link not in languages]
        for path in (ENGLISH, CHINESE_README)
    )

    assert english == chinese
    assert _rows(_text(ENGLISH)) == _rows(_text(CHINESE_README))


def test_each_readme_leads_to_the_other() -> None:
    assert CHINESE_README.name in _links(_text(ENGLISH))
    assert ENGLISH.name in _links(_text(CHINESE_README))


def test_each_readme_begins_with_the_two_commands_to_try_it() -> None:
    heads = [_text(path)[:700] for path in (ENGLISH, CHINESE_README)]

    assert all("make demo" in head and "make test" in head for head in heads)


def test_the_chinese_readme_is_written_in_chinese() -> None:
    paragraphs = [p for p in _prose(_text(CHINESE_README)).split("\n\n") if p.strip()]
    foreign = [
        p for p in paragraphs if not CHINESE.search(p) and p.strip() != "[English](README.md)"
    ]

    assert foreign == []


def test_every_figure_in_the_readmes_has_been_measured() -> None:
    assert not any(MARK.search(_text(path)) for path in (ENGLISH, CHINESE_README))


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in _documents()
        for link in _links(_text(document))
        if "://" not in link and not (document.parent / link.split("#")[0]).exists()
    ]

    assert broken == []


def test_no_document_names_a_package_registry() -> None:
    named = [
        f"{document.relative_to(ROOT)}: {host}"
        for document in _documents()
        for host in REGISTRIES
        if host in _text(document).lower()
    ]

    assert named == []


def test_both_readmes_lead_to_every_page_of_the_manual() -> None:
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}

    assert pages - set(_links(_text(ENGLISH))) == set()


def test_every_decision_is_listed_and_numbered_without_gaps() -> None:
    files = sorted(path.name for path in ADRS.glob("[0-9]*.md"))
    listed = [link for link in _links(_text(ADRS / "README.md")) if re.match(r"\d{4}", link)]

    assert listed == files
    assert [int(name[:4]) for name in files] == list(range(len(files)))


def test_every_decision_has_the_parts_of_the_template() -> None:
    incomplete = [
        path.name
        for path in ADRS.glob("[0-9]*.md")
        if not all(f"**{part}" in _text(path) for part in ("Context", "Decision", "Consequences"))
    ]

    assert incomplete == []


def _types() -> set[str]:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))
    return {kind["directory"] for kind in project["tool"]["towncrier"]["type"]}


def _fragments() -> list[Path]:
    folder = ROOT / "changelog.d"
    return [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def test_every_change_is_of_a_known_kind_and_says_something() -> None:
    wrong = [
        path.name
        for path in _fragments()
        if path.name.split(".")[1] not in _types() or len(_text(path).strip()) < 20
    ]

    assert wrong == []


def test_a_change_of_rules_states_the_date_of_effect_and_who_is_concerned() -> None:
    silent = [
        path.name
        for path in _fragments()
        if path.name.split(".")[1] == "rule"
        and not re.search(r"Effective: .*\d{4}-\d{2}-\d{2}.*Concerns: \S", _text(path), re.DOTALL)
    ]

    assert silent == []
