"""A policy pack: dated parameters, income rules, exit profiles and checks, as data with sources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from jingzhun.errors import PackError, ParameterError, Place
from jingzhun.policy.cases import Case
from jingzhun.policy.cel.scope import FieldInfo, Scope
from jingzhun.policy.checks import Check
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.definitions import Definition
from jingzhun.policy.income import IncomeRule
from jingzhun.policy.loading import PackInfo, read_parts
from jingzhun.policy.monitoring import CauseFile, Monitoring
from jingzhun.policy.parameters import Entry, Parameter, Value, entries
from jingzhun.policy.problems import nearest
from jingzhun.policy.profiles import Profile
from jingzhun.policy.scopes import Vocabulary, about_person
from jingzhun.policy.validation import validate
from jingzhun.standard.divisions import Divisions
from jingzhun.standard.labels import Label
from jingzhun.standard.schema import Column, Table

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True, eq=False)
class Pack:
    """One pack, read, compared and never changed again. `content_hash` stands for every byte of it."""

    info: PackInfo
    path: Path
    content_hash: str
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    income: Sequence[IncomeRule]
    profiles: Mapping[str, Profile]
    checks: Mapping[str, Check]
    check_groups: Mapping[str, Label]
    crosschecks: Mapping[str, CrossCheck]
    crosscheck_groups: Mapping[str, Label]
    causes: CauseFile | None
    monitoring: Monitoring | None
    cases: Sequence[Case]
    extra_columns: Sequence[Column]
    sources: Mapping[str, str]
    """Reference in a source text -> title and address: [S12] is explained by `sources["S12"]`."""
    chinese: Mapping[str, str]
    """Clause of a source text or of a reference's title -> Chinese (`citing.cited`)."""
    vocabulary: Vocabulary = field(repr=False)
    _scopes: dict[tuple[object, ...], Scope] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """The pack's name."""
        return self.info.id

    @property
    def version(self) -> str:
        """The pack's version."""
        return self.info.version

    @property
    def label(self) -> Label:
        """The pack's name in both languages."""
        return self.info.label

    @property
    def default_profile(self) -> str:
        """The profile used when none is named."""
        return self.info.default_profile

    @property
    def profiles_that_count(self) -> tuple[str, ...]:
        """Household profiles whose stricter outcome is the one that counts."""
        return self.info.profiles_that_count

    @property
    def welfare(self) -> str:
        """Definition (or column) that is compared with the line."""
        return self.info.welfare

    @property
    def household_size(self) -> str:
        """Definition (or column) of the persons who share the budget."""
        return self.info.household_size

    @property
    def line(self) -> str:
        """Parameter that tells who is poor."""
        return self.info.line

    @property
    def suppression_limit(self) -> int:
        """Public figures about fewer than this many are hidden."""
        return self.info.suppression_limit

    @property
    def map_path(self) -> Path | None:
        """GeoJSON of the counties, if the pack has one."""
        path = self.path / "counties.geojson"
        return path if path.exists() else None

    @property
    def divisions_path(self) -> Path | None:
        """CSV of the divisions (code, name, level, parent_code), if the pack has one."""
        path = self.path / "divisions.csv"
        return path if path.exists() else None

    @cached_property
    def divisions(self) -> Divisions:
        """The pack's tree of areas, read when first asked for. PackError when the pack has none."""
        if self.divisions_path is None:
            raise PackError(
                f"Pack {self.id} has no divisions.csv",
                do="Add a table with the columns code, name, level, parent_code",
            )
        return Divisions.load(self.divisions_path)

    @property
    def mapping_path(self) -> Path | None:
        """An import mapping that comes with the pack, if it has one."""
        path = self.path / "mapping.yaml"
        return path if path.exists() else None

    # -- parameters ---------------------------------------------------------------------------

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. ParameterError when the pack has none."""
        if name not in self.parameters:
            raise ParameterError(
                f"Pack {self.id} has no parameter '{name}'",
                do=nearest(
                    name, self.parameters, otherwise=f"`jingzhun pack show {self.id}` lists them"
                ),
            )
        return self.parameters[name]

    def value(self, name: str, *, on: date, area: str | None = None) -> Value:
        """A parameter on a date, in an area. ParameterError before its first value."""
        return self.parameter(name).value(on, area)

    def as_of(self, on: date, *, area: str | None = None) -> tuple[Entry, ...]:
        """Every parameter as it stands on a date, with source and confidence, by name."""
        return entries(list(self.parameters.values()), on, area)

    # -- rules --------------------------------------------------------------------------------

    def profile(self, profile_id: str) -> Profile:
        """The profile of this id. PackError when the pack has none."""
        if profile_id not in self.profiles:
            raise PackError(
                f"Pack {self.id} has no profile '{profile_id}'",
                do=nearest(
                    profile_id, self.profiles, otherwise=f"It has {', '.join(self.profiles)}"
                ),
            )
        return self.profiles[profile_id]

    def profiles_on(self, on: date, level: str = "household") -> tuple[Profile, ...]:
        """The profiles of a level that hold on a date, the default one first."""
        valid = [p for p in self.profiles.values() if p.level == level and p.is_valid(on)]
        return tuple(sorted(valid, key=lambda p: (p.id != self.default_profile, p.id)))

    def definitions_on(self, on: date, income_rule: str | None = None) -> Mapping[str, Definition]:
        """All definitions on a date, the income of a rule (the pack's own by default) among them."""
        return self.vocabulary.definitions_on(on, income_rule)

    def scope(
        self,
        on: date,
        *,
        level: str = "household",
        table: str = "",
        income_rule: str | None = None,
        extra: Mapping[str, FieldInfo] | None = None,
    ) -> Scope:
        """The names an expression of a level may use on a date; `extra` adds computed bare fields.

        For the level record, `table` is the external table whose fields are bare. ParameterError when a
        definition needs a parameter or income rule that has not begun.
        """
        key = (
            on,
            level,
            table,
            income_rule,
            tuple(sorted((extra or {}).items(), key=lambda item: item[0])),
        )
        if level == "person":
            return about_person(self.scope(on, income_rule=income_rule, extra=extra))
        if key not in self._scopes:
            self._scopes[key] = self.vocabulary.scope(
                on, level=level, table=table, income_rule=income_rule, extra=extra
            )
        return self._scopes[key]

    # -- data standard ------------------------------------------------------------------------

    def tables(self) -> Mapping[str, Table]:
        """The data standard's tables, with the columns that this pack adds to households."""
        return self.vocabulary.tables

    @cached_property
    def defaults(self) -> tuple[str, ...]:
        """Names of parameters whose values are our own, not official ones."""
        return tuple(p.name for p in self.parameters.values() if p.default or p.defaults)


def pack_names() -> tuple[str, ...]:
    """Names of the packs that come with the package."""
    return tuple(sorted(path.parent.name for path in PACKS.glob("*/pack.yaml")))


def load_pack(name_or_path: str | Path) -> Pack:
    """The pack of this name (in the package) or in this folder, read and checked as a whole.

    PackProblemsError (a PackError) names file, line, column of everything that is wrong, and what to write
    instead. A folder that has not changed is not read again.
    """
    folder, shown = _find(name_or_path)
    return _load(folder, shown, content_hash(folder))


def content_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of all files of a pack: the same content has the same hash."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or any(part.startswith((".", "__")) for part in inside.parts):
            continue
        content = path.read_bytes()
        digest.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _find(name_or_path: str | Path) -> tuple[Path, str]:
    text = str(name_or_path)
    if text in pack_names():
        return PACKS / text, text
    folder = Path(name_or_path)
    if folder.is_dir():
        return folder.resolve(), text.rstrip("/")
    if folder.name == "pack.yaml" and folder.is_file():
        return folder.parent.resolve(), str(folder.parent)
    raise PackError(
        f"There is no policy pack '{text}'",
        where=Place(),
        why="It is neither the name of a pack that comes with the package nor a folder",
        do=nearest(
            text, pack_names(), otherwise=f"Packs: {', '.join(pack_names())}; or name a folder"
        ),
    )


@lru_cache(maxsize=8)
def _load(folder: Path, shown: str, digest: str) -> Pack:
    parts = read_parts(folder, shown)
    valid = validate(parts, folder / "divisions.csv")
    return Pack(
        info=parts.info.value,
        path=folder,
        content_hash=digest,
        parameters=MappingProxyType(dict(valid.vocabulary.parameters)),
        definitions=MappingProxyType(dict(valid.vocabulary.definitions)),
        income=tuple(valid.vocabulary.income),
        profiles=MappingProxyType({p.value.id: p.value for p in parts.profiles}),
        checks=MappingProxyType({c.value.id: c.value for c in parts.checks}),
        check_groups=MappingProxyType(dict(parts.check_groups)),
        crosschecks=MappingProxyType(
            {c.value.id: c.value for c in sorted(parts.crosschecks, key=lambda c: c.value.id)}
        ),
        crosscheck_groups=MappingProxyType(dict(parts.crosscheck_groups)),
        causes=None if parts.causes is None else parts.causes.value,
        monitoring=None if parts.monitoring is None else parts.monitoring.value,
        cases=valid.cases,
        extra_columns=tuple(c.value for c in parts.columns),
        sources=MappingProxyType({} if parts.sources is None else parts.sources.value.sources),
        chinese=MappingProxyType({} if parts.sources is None else parts.sources.value.chinese),
        vocabulary=valid.vocabulary,
    )
