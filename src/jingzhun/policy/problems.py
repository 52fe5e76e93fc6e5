"""Everything wrong with a pack, collected and said in words with file, line and column."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jingzhun.errors import PackError, Place
from jingzhun.policy.cel.errors import CelError
from jingzhun.standard.yaml_source import Step, YamlFile

M = TypeVar("M", bound=BaseModel)


class PackProblemsError(PackError):
    """A pack with one or more problems: the message is the first, `errors` are all."""

    def __init__(self, errors: Sequence[PackError]) -> None:
        self.errors = tuple(sorted(errors, key=_order))
        first = self.errors[0]
        more = len(self.errors) - 1
        rest = f" ({more} more: `jingzhun pack check` lists them)" if more else ""
        super().__init__(first.what + rest, where=first.where, why=first.why, do=first.do)


def _order(error: PackError) -> tuple[str, int, int]:
    return (error.where.file or "", error.where.line or 0, error.where.column or 0)


@dataclass(frozen=True)
class Source:
    """Where a part of a pack stands: file and steps to it; `common` are steps to values it shares."""

    file: YamlFile
    steps: tuple[Step, ...] = ()
    common: tuple[Step, ...] | None = None

    def at(self, *steps: Step) -> tuple[Step, ...]:
        """Steps to a part of it, found in the shared values when it is not its own."""
        own = (*self.steps, *steps)
        if self.common is not None and steps and not self.has(own):
            return (*self.common, *steps)
        return own

    def place(self, *steps: Step, of_key: bool = False) -> Place:
        """File, line and column of a part of it."""
        return self.file.place(self.at(*steps), of_key=of_key)

    def has(self, steps: Sequence[Step]) -> bool:
        """Whether the file has something at these steps (from its beginning)."""
        node = self.file.data
        for step in steps:
            known = isinstance(node, dict) and step in node
            if not known and not (isinstance(node, list) and isinstance(step, int)):
                return False
            node = node[step]
        return True


@dataclass(frozen=True)
class Located(Generic[M]):
    """A part of a pack and where it stands."""

    value: M
    source: Source


class Problems:
    """Collects problems, so that an author sees all of them at once."""

    def __init__(self) -> None:
        self.found: list[PackError] = []

    def add(self, what: str, where: Place, *, why: str = "", do: str = "") -> None:
        """One more problem."""
        self.found.append(PackError(what, where=where, why=why, do=do))

    def add_error(self, error: PackError) -> None:
        """A problem that is already an error."""
        self.found += list(error.errors) if isinstance(error, PackProblemsError) else [error]

    def add_expression(self, error: CelError | PackError, source: Source, *steps: Step) -> None:
        """What is wrong inside an expression, with its place in the file."""
        line, column = error.where.line or 1, error.where.column or 1
        where = source.file.place_in_text(source.at(*steps), line, column)
        what = f"In {'.'.join(str(s) for s in steps)}, column {column}: {error.what}"
        if line > 1:
            what = what.replace(f"column {column}", f"line {line}, column {column}", 1)
        self.add(what, where, why=error.why, do=error.do)

    def stop(self) -> None:
        """Raise PackProblemsError if there are any."""
        if self.found:
            raise PackProblemsError(self.found)

    def validated(self, model: type[M], data: Any, source: Source) -> Located[M] | None:
        """`data` as a model; None when it is not one, with every reason added."""
        try:
            return Located(model.model_validate(data), source)
        except ValidationError as error:
            seen: set[Place] = set()
            for detail in error.errors():
                problem = _explained(model, detail, source)
                if problem.where not in seen:
                    seen.add(problem.where)
                    self.found.append(problem)
            return None


def nearest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """`Did you mean x?`, or `otherwise` when nothing is near."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise


_SHOULD_BE = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a date such as 2018-01-01",
    "dict": "a group of  key: value  lines",
    "model": "a group of  key: value  lines",
    "tuple": "a list (lines that begin with -)",
    "list": "a list (lines that begin with -)",
}


def _explained(model: type[BaseModel], detail: ErrorDetails, source: Source) -> PackError:
    steps: tuple[Step, ...] = tuple(detail["loc"])
    kind = detail["type"]
    if kind == "missing":
        return PackError(
            f"'{steps[-1]}' is missing",
            where=source.place(*steps[:-1]),
            do=f"Add a line  {steps[-1]}: ...",
        )
    if kind == "extra_forbidden":
        return _unknown_key(model, steps, source)
    name = _last_key(steps, source)
    where = source.place(*steps)
    if kind == "value_error":
        return PackError(str(detail["ctx"]["error"]), where=where)
    return PackError(_wrong(name, kind, detail), where=where, do=_advice(kind, detail))


def _last_key(steps: tuple[Step, ...], source: Source) -> str:
    """The last key on the way that the file really has; pydantic adds steps of its own for unions."""
    for end in range(len(steps), 0, -1):
        if isinstance(steps[end - 1], str) and source.has(source.at(*steps[:end])):
            return str(steps[end - 1])
    return ""


def _wrong(name: str, kind: str, detail: ErrorDetails) -> str:
    subject = f"'{name}'" if name else "This"
    if kind == "literal_error":
        return f"{subject} is '{detail['input']}'; it must be {detail['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{subject} is '{detail['input']}', which is not in the form expected"
    should = next((text for word, text in _SHOULD_BE.items() if kind.startswith(word)), "")
    return f"{subject} must be {should}" if should else f"{subject}: {detail['msg']}"


def _advice(kind: str, detail: ErrorDetails) -> str:
    given = detail["input"]
    if kind == "literal_error":
        words = [
            word.strip(" '\"")
            for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")
        ]
        return nearest(str(given), words)
    if kind == "string_pattern_mismatch":
        return f"It must match {detail['ctx']['pattern']}"
    if kind.startswith("string") and isinstance(given, bool | int | float | date):
        return f'Put it in quotes: "{given}"'
    return ""


def _unknown_key(model: type[BaseModel], steps: tuple[Step, ...], source: Source) -> PackError:
    known = _keys_at(model, steps[:-1])
    return PackError(
        f"Unknown key '{steps[-1]}'",
        where=source.place(*steps, of_key=True),
        do=nearest(str(steps[-1]), known, otherwise=f"Known here: {', '.join(known)}"),
    )


def _keys_at(model: type[BaseModel], steps: Sequence[Step]) -> list[str]:
    """Keys that a group of lines may have, `steps` below a model."""
    for step in steps:
        if isinstance(step, int):
            continue
        by_key = {field.alias or name: field for name, field in model.model_fields.items()}
        inner = _models_in(by_key[step].annotation) if step in by_key else []
        if not inner:
            continue
        model = inner[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def check_unique(
    items: Iterable[tuple[str, Source]], what: str, problems: Problems
) -> Mapping[str, Source]:
    """Each id once; a second one becomes a problem that names the first place."""
    first: dict[str, Source] = {}
    for name, source in items:
        if name in first:
            place = first[name].place()
            problems.add(
                f"{what} '{name}' is defined twice",
                source.place(),
                why=f"It stands already in {place}",
                do="Rename or remove one of the two",
            )
        first.setdefault(name, source)
    return first
