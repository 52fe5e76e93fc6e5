"""A pack's folder read into its parts, each knowing where it stands. Nothing is compared yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from jingzhun.errors import PackError, Place
from jingzhun.policy.base import Id, Name, PackModel
from jingzhun.policy.cases import Case, CaseFile, Template, on_template
from jingzhun.policy.checks import Check
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.definitions import Definition
from jingzhun.policy.income import IncomeRule
from jingzhun.policy.monitoring import CauseFile, Monitoring
from jingzhun.policy.parameters import Parameter
from jingzhun.policy.problems import Located, Problems, Source, nearest
from jingzhun.policy.profiles import Profile
from jingzhun.standard.labels import Label
from jingzhun.standard.schema import Column
from jingzhun.standard.yaml_source import YamlFile, read_yaml

M = TypeVar("M", bound=BaseModel)


class PackInfo(PackModel):
    """What a pack says of itself. `welfare` is compared with `line` to tell who is poor."""

    id: Id = Field(alias="pack")
    version: str
    label: Label
    description: Label
    country: str
    default_profile: Id
    profiles_that_count: tuple[Id, ...] = Field(min_length=1)
    """Household profiles whose stricter outcome is the one that counts."""
    welfare: Name = "income_per_capita_yuan"
    household_size: Name = "household_size"
    line: Name
    income_rule: Id | None = None
    suppression_limit: int = Field(default=5, ge=1)
    """Public figures about fewer than this many are hidden."""
    reviewed: date


class SourceFile(PackModel):
    """What the references [S1] ... of a pack stand for, and how clauses of its source texts read in Chinese."""

    sources: dict[str, str]
    chinese: dict[str, str] = Field(default_factory=dict)


@dataclass
class Parts:
    """Everything in the folder of a pack, with places."""

    info: Located[PackInfo]
    parameters: list[Located[Parameter]] = field(default_factory=list)
    definitions: list[Located[Definition]] = field(default_factory=list)
    income: list[Located[IncomeRule]] = field(default_factory=list)
    profiles: list[Located[Profile]] = field(default_factory=list)
    checks: list[Located[Check]] = field(default_factory=list)
    check_groups: dict[str, Label] = field(default_factory=dict)
    crosschecks: list[Located[CrossCheck]] = field(default_factory=list)
    crosscheck_groups: dict[str, Label] = field(default_factory=dict)
    causes: Located[CauseFile] | None = None
    monitoring: Located[Monitoring] | None = None
    columns: list[Located[Column]] = field(default_factory=list)
    cases: list[Located[Case]] = field(default_factory=list)
    sources: Located[SourceFile] | None = None


KNOWN_FILES = (
    "pack.yaml",
    "definitions.yaml",
    "income_items.yaml",
    "causes.yaml",
    "monitoring.yaml",
    "extra_columns.yaml",
    "mapping.yaml",
    "sources.yaml",
)
KNOWN_FOLDERS = ("parameters", "profiles", "checks", "crosschecks", "cases")


def read_parts(folder: Path, shown: str) -> Parts:
    """The parts of the pack in `folder`; PackProblemsError lists every file and line that is wrong.

    `shown` is what errors print for the folder.
    """
    return _Folder(folder, shown, Problems()).read()


@dataclass
class _Folder:
    path: Path
    shown: str
    problems: Problems

    def read(self) -> Parts:
        self._refuse_strangers()
        info = self._one("pack.yaml", PackInfo)
        if info is None:
            if not (self.path / "pack.yaml").exists():
                self.problems.add(
                    "pack.yaml is missing",
                    Place(self.shown),
                    do="`jingzhun pack new DIR` makes one",
                )
            self.problems.stop()
        assert info is not None  # stop() raised otherwise  # noqa: S101
        parts = Parts(info)
        for file in self._files("parameters"):
            parts.parameters += self._list(file, "parameters", Parameter, whole=True)
        parts.definitions = self._listed("definitions.yaml", "definitions", Definition)
        parts.income = self._listed("income_items.yaml", "rules", IncomeRule)
        parts.columns = self._listed("extra_columns.yaml", "columns", Column)
        for file in self._files("profiles"):
            parts.profiles += self._list(file, "profiles", Profile, whole=True)
        for file in self._files("checks"):
            head = self._grouped(file, _CheckHead, "checks", Check, parts.checks)
            parts.check_groups |= head
        for file in self._files("crosschecks"):
            head = self._grouped(file, _CrossCheckHead, "rules", CrossCheck, parts.crosschecks)
            parts.crosscheck_groups |= head
        parts.causes = self._one("causes.yaml", CauseFile)
        parts.monitoring = self._one("monitoring.yaml", Monitoring)
        parts.sources = self._one("sources.yaml", SourceFile)
        for file in self._files("cases"):
            parts.cases += self._cases(file)
        self.problems.stop()
        return parts

    def _refuse_strangers(self) -> None:
        """A misspelt file name would otherwise be left out without a word."""
        for path in sorted(self.path.rglob("*")):
            if path.suffix not in (".yaml", ".yml") or any(p.startswith(".") for p in path.parts):
                continue
            inside = path.relative_to(self.path).parts
            if inside[0] not in KNOWN_FOLDERS and "/".join(inside) not in KNOWN_FILES:
                known = (*KNOWN_FILES, *(f"{folder}/*.yaml" for folder in KNOWN_FOLDERS))
                self.problems.add(
                    "This file does not belong to a pack",
                    Place(f"{self.shown}/{'/'.join(inside)}"),
                    do=nearest(inside[0], known, otherwise=f"A pack has {', '.join(known)}"),
                )
            elif path.suffix == ".yml":
                self.problems.add(
                    "The file would not be read",
                    Place(f"{self.shown}/{'/'.join(inside)}"),
                    do="Name it .yaml",
                )

    def _file(self, name: str) -> YamlFile | None:
        path = self.path / name
        if not path.exists():
            return None
        try:
            return read_yaml(path, shown=f"{self.shown}/{name}")
        except PackError as error:
            self.problems.add_error(error)
            return None

    def _files(self, folder: str) -> list[YamlFile]:
        names = sorted((self.path / folder).rglob("*.yaml"))
        read = [self._file(str(path.relative_to(self.path))) for path in names]
        return [file for file in read if file is not None]

    def _one(self, name: str, model: type[M]) -> Located[M] | None:
        file = self._file(name)
        return None if file is None else self.problems.validated(model, file.data, Source(file))

    def _listed(self, name: str, key: str, model: type[M]) -> list[Located[M]]:
        file = self._file(name)
        return [] if file is None else self._list(file, key, model)

    def _list(
        self, file: YamlFile, key: str, model: type[M], *, whole: bool = False
    ) -> list[Located[M]]:
        """The items below `key`; with `whole`, a file without that key is one item itself."""
        if whole and not (isinstance(file.data, dict) and key in file.data):
            found = self.problems.validated(model, file.data, Source(file))
            return [] if found is None else [found]
        items = self._items(file, key)
        read = [
            self.problems.validated(model, item, Source(file, (key, i)))
            for i, item in enumerate(items)
        ]
        return [item for item in read if item is not None]

    def _items(self, file: YamlFile, key: str) -> list[Any]:
        data = file.data if isinstance(file.data, dict) else {}
        items = data.get(key)
        if isinstance(items, list):
            return items
        self.problems.add(
            f"'{key}' is missing" if items is None else f"'{key}' must be a list",
            file.place((key,)),
            do=f"Write  {key}:  and below it lines that begin with -",
        )
        return []

    def _grouped(
        self, file: YamlFile, head: type[_Head], key: str, model: type[M], into: list[Located[M]]
    ) -> dict[str, Label]:
        """The rules of a file, with what they have in common, put `into` a list; the group and its label."""
        read = self.problems.validated(head, file.data, Source(file))
        if read is None:
            return {}
        group = read.value.group
        for number, item in enumerate(getattr(read.value, key)):
            source = Source(file, (key, number), ("common",))
            merged = {"group": group, **read.value.common, **item}
            found = self.problems.validated(model, merged, source)
            if found is not None:
                into.append(found)
        return {group: read.value.label}

    def _cases(self, file: YamlFile) -> list[Located[Case]]:
        read = self.problems.validated(CaseFile, file.data, Source(file))
        if read is None:
            return []
        templates = {template.id: template for template in read.value.templates}
        return [
            Located(
                self._filled(case, templates, Source(file, ("cases", i))),
                Source(file, ("cases", i)),
            )
            for i, case in enumerate(read.value.cases)
        ]

    def _filled(self, case: Case, templates: dict[str, Template], source: Source) -> Case:
        try:
            return on_template(case, templates)
        except (KeyError, IndexError, ValueError):
            self.problems.add(
                f"Case '{case.id}' starts from a template or member that does not exist",
                source.place("base"),
                do=nearest(str(case.base), templates, otherwise="Members count from 1"),
            )
            return case


class _Head(PackModel):
    """A file of rules before its rules are read."""

    group: Name
    label: Label
    common: dict[str, Any] = Field(default_factory=dict)


class _CheckHead(_Head):
    checks: tuple[dict[str, Any], ...]


class _CrossCheckHead(_Head):
    rules: tuple[dict[str, Any], ...]
