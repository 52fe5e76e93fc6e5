"""`jingzhun schema`: on the console, as JSON, and as the page of the documentation, which is current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from jingzhun.cli.schema import schema_command
from jingzhun.errors import StandardError
from jingzhun.standard import schema

app = typer.Typer()
app.command()(schema_command)
PAGE = Path(__file__).parents[2] / "docs" / "data-standard.md"


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_the_page_of_the_documentation_is_what_the_standard_says_now() -> None:
    assert printed("--format", "markdown") == PAGE.read_text(encoding="utf-8")


def test_every_column_and_code_stands_on_the_page_in_both_languages() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table in schema.tables().values():
        for column in table.columns:
            assert f"| `{column.name}`" in page
            assert column.label.zh in page
    for codes in schema.code_lists().values():
        assert f"`{codes.list}`" in page


def test_a_table_is_printed_with_its_columns_and_codes() -> None:
    text = printed("persons")
    assert "ethnicity" in text
    assert "东乡族" in text
    assert "date of birth" in text


def test_json_holds_the_table_asked_for_and_its_code_lists() -> None:
    content = json.loads(printed("persons", "--format", "json"))
    assert list(content["tables"]) == ["persons"]
    assert "ethnicity" in content["code_lists"]
    assert "poverty_cause" not in content["code_lists"]


def test_a_code_list_can_be_asked_for() -> None:
    assert list(json.loads(printed("sex", "--format", "json"))["code_lists"]) == ["sex"]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    result = CliRunner().invoke(app, ["none"])
    assert isinstance(result.exception, StandardError)
    with pytest.raises(StandardError, match="households"):
        raise result.exception
