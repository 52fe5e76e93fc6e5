"""The table of the walk: how every address of the platform is walked, one line per address.

A new address needs a line in `RULES`, or `test_walk_scope` fails and names it. A line says with which of a
place's things (`walking`) its parameters are filled; what is posted or asked for, where that names something of
a place; and, where it can't be walked, why not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from .walking import Place


@dataclass(frozen=True)
class Rule:
    """How an address is walked. Values are names of a place's things; with `=` before them, texts as they are."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    """A query that names something of a place: asked for a place outside, it must not be found."""
    needed: Mapping[str, str] = field(default_factory=dict)
    """A query without which the address answers nothing."""
    is_silent: bool = False
    """Answers the same whether a thing is there, not one's own, or not at all."""
    is_public: bool = False
    """Shows masked lists to everybody, with the village's name."""
    skip: str = ""
    """Why it is not walked."""


def by(*names: str, **more: str) -> Rule:
    """Parameters filled with the things of the same name, or of the name given."""
    return Rule(arguments={**{name: name for name in names}, **more})


def _each(thing: str, parameter: str, names: str) -> dict[str, Rule]:
    """Operations of the API on one thing."""
    rule = Rule({parameter: thing}, posted=_SAID)
    return {f"api:{name}": rule for name in names.split()}


_SAID = {"reason": "=invented for the walk", "note": "=invented for the walk"}
_AREA = {"area": "village_code", "period": "period", "on": "=2020-01-31"}
_HOME = {"household_id": "household_id", "period": "period"}
_LIST = {"text": "household_id", "area": "village_code", "household_id": "household_id"}

RULES: dict[str, Rule] = {
    # accounts
    "set_language": Rule(),
    "sign-in": Rule(),
    "second-factor-code": Rule(),
    "sign-out": Rule(skip="ends the session of the walk; test_accounts has it"),
    "own-account": Rule(),
    "own-password": Rule(),
    "second-factor": Rule(),
    "remove-second-factor": Rule(),
    "renew-recovery-codes": Rule(),
    "end-other-sign-ins": Rule(),
    "end-sign-in": by(sign_in_id="sign_in"),
    "accounts": Rule(asked={"text": "mark"}),
    "account-areas": Rule(asked={"area": "village_code"}),
    "new-account": Rule(posted={"username": "=w.w", "display_name": "=w", "area": "village_code"}),
    "account": by(user_id="user"),
    "give-grant": by(user_id="user"),
    "revoke-grant": by(user_id="user", grant_id="grant"),
    "end-account": by(user_id="user"),
    "reset-password": by(user_id="user"),
    "reset-second-factor": by(user_id="user"),
    # programs
    "tokens": Rule(),
    "revoke-token": by(token_id="token"),  # noqa: S106
    # figures
    "home": Rule(asked={"area": "village_code"}),
    "map": by(prefix="=62"),
    "overview-work": Rule(asked={"area": "village_code"}),
    "screen": Rule(asked={"area": "village_code"}),
    "screen-figures": Rule(asked={"area": "village_code"}),
    # archives
    "households": Rule(asked=_LIST),
    "export": Rule(arguments={"form": "=csv"}, asked=_LIST),
    "keep-filter": Rule(posted={"name": "=w"}),
    "drop-filter": Rule({"pk": "saved_filter"}, is_silent=True),
    "archive": Rule(_HOME),
    "timeline": Rule(_HOME),
    "reveal": Rule(_HOME, posted={"reason": "=invented for the walk"}),
    "household-sheet": Rule(_HOME),
    "edit": Rule(_HOME),
    "edit-member": Rule({**_HOME, "person_id": "person_id"}),
    "add-member": Rule(_HOME),
    "take-off": Rule({**_HOME, "person_id": "person_id"}),
    "attach": Rule(_HOME),
    "attachment": by(pk="attachment"),
    "changes": Rule(asked={"area": "village_code"}),
    "change": by(pk="change"),
    "decide-change": Rule({"pk": "change", "answer": "=accept"}, posted={"reason": "=w"}),
    # findings
    "findings": Rule(asked=_LIST),
    "crosscheck": Rule(posted=_AREA),
    "finding-rules": Rule(),
    "findings-dispatch": Rule(
        posted={"pk": "finding", "finding": "finding", "area": "village_code"}
    ),
    "finding": by(pk="finding"),
    "finding-act": Rule({"pk": "finding", "name": "=dispatch"}),
    # decisions
    "decisions": Rule(asked={"which": "=all"}),
    "decision-lists": Rule(posted={"case": "case"}),
    "application": Rule(posted={"household_id": "household_id", "reason": "=invented"}),
    "case": by(pk="case"),
    "case-act": Rule({"pk": "case", "name": "=refuse"}),
    "objection-answer": by(pk="objection"),
    "evaluations": Rule(posted=_AREA),
    "evaluation": by(pk="run"),
    "household-evaluation": Rule(_HOME),
    "propose-exit": Rule(_HOME, posted={"reason": "=invented"}),
    "exit-sheets": Rule(asked={"area": "village_code"}),
    "exit-sheet": by("period", area="village"),
    # what is taken in
    "imports": Rule(),
    "import-new": Rule(),
    "import": by(import_id="batch"),
    "import-mapping": by(import_id="batch"),
    "import-act": by(import_id="batch", act="=withdraw"),
    "import-difference": by(import_id="batch", table="=households", kind="=new"),
    "import-rejects": by(import_id="batch", table="=households"),
    "origin": by("period", table="=households", key="household_id"),
    "agreements": Rule(),
    "agreement-end": by(agreement_id="agreement"),
    # the rest
    "jobs": Rule(),
    "job": by(job_id="job"),
    "log": Rule(),
    "verify-log": Rule(),
    "public": Rule(is_public=True),
    "public-list": Rule({"pk": "publicity"}, is_public=True),
    "public-objection": Rule({"pk": "publicity", "entry_id": "entry"}, is_public=True),
    "public-receipt": Rule(is_public=True),
    # what programs ask for, with a token of the same person
    "api:openapi-json": Rule(),
    "api:openapi-view": Rule(),
    "api:api-root": Rule(),
    "api:me": Rule(),
    "api:list_areas": Rule(skip="names of areas are public"),
    "api:area": Rule(skip="names of areas are public"),
    "api:codes": Rule(),
    "api:households": Rule(asked={"area": "village_code", "text": "household_id"}),
    "api:archive": Rule(_HOME),
    "api:reveal": Rule(_HOME, posted={"reason": "=invented for the walk"}),
    "api:periods": Rule(),
    "api:figures": by("period", area="village_code"),
    "api:trend": by(area="village_code"),
    "api:work": by("period", area="village_code"),
    "api:jobs": Rule(),
    "api:job": by(job_id="job"),
    "api:log": Rule(asked={"about": "household_id"}),
    "api:verify_log": Rule(),
    "api:archive_as_of": Rule(_HOME, needed={"at": "=2030-01-31T00:00:00Z"}),
    "api:household_history": Rule(_HOME),
    "api:propose_change": Rule(_HOME, posted=_SAID),
    "api:list_changes": Rule(),
    **_each("change", "change_id", "change accept_change refuse_change"),
    "api:findings": Rule(asked=_LIST),
    **_each(
        "finding",
        "finding_id",
        "finding check_finding close_finding confirm_verdict dispatch_finding"
        " handle_finding object_to_finding propose_verdict recheck_finding refuse_verdict"
        " sign_finding take_on_finding",
    ),
    "api:start_crosscheck": Rule(posted=_AREA),
    "api:rules": Rule(asked={"area": "village_code"}),
    "api:dispatch_all_findings": Rule(
        posted={"area": "village_code", "rule": "=X03", "period": "period", "level": "=village"}
    ),
    "api:cases": Rule(asked={"area": "village_code"}),
    **_each(
        "case",
        "case_id",
        "case accept_exit appraise decide_exit recognise record_visit refuse_case review_case"
        " sign_visit put_on_file",
    ),
    "api:propose_exit": Rule(posted={**_HOME, **_SAID}),
    "api:apply_for_identification": Rule(posted={**_HOME, **_SAID}),
    "api:announce": Rule(posted={"cases": "case"}),
    "api:begin_publicity": Rule(posted={"cases": "case"}),
    "api:public_list": Rule({"list_id": "publicity"}, is_public=True),
    "api:public_lists": Rule(is_public=True),
    "api:list_evaluations": Rule(),
    "api:household_evaluation": Rule(_HOME),
    "api:exit_sheets": Rule(),
    "api:exit_sheet": by("period", area="village_code"),
    "api:apply_as_newcomer": Rule(
        posted={
            **{
                "area": "village_code",
                "head_name": "=虚构",
                "document_number": "=620102197001010020",
            },
            **_SAID,
        }
    ),
    "api:start_evaluation": Rule(posted=_AREA),
    "api:imports": Rule(),
    "api:upload_import": Rule(),
    **_each(
        "batch",
        "import_id",
        "one_import apply_import approve_import check_import map_import propose_import refuse_import"
        " withdraw_import import_columns",
    ),
    "api:import_rejects": by(import_id="batch", table="=households"),
    "api:import_differences": by(import_id="batch", table="=households", kind="=new"),
    "api:household_origins": Rule(_HOME),
    "api:person_origins": by("person_id", "period"),
    "api:agreements": Rule(),
    "api:make_agreement": Rule(posted={"area": "village_code"}),
    **_each("agreement", "agreement_id", "end_agreement"),
    "api:objections": Rule(needed={"which": "=all"}),
    **_each("case", "case_id", "case_objections"),
    **_each("objection", "objection_id", "answer_objection"),
    "api:export_households": Rule(arguments={"form": "=csv"}, asked=_LIST),
    "api:saved_filters": Rule(),
    "api:drop_filter": Rule({"filter_id": "saved_filter"}, is_silent=True),
    "api:keep_filter": Rule(),
    "api:household_attachments": Rule(_HOME),
    "api:attach_to_household": Rule(_HOME),
    **_each("finding", "finding_id", "finding_attachments attach_to_finding"),
    **_each("objection", "objection_id", "objection_attachments attach_to_objection"),
    "api:attachment": by(attachment_id="attachment"),
    "api:accounts": Rule(asked={"text": "mark"}),
    "api:create_account": Rule(posted={"username": "=w.w", "display_name": "=w", **_AREA}),
    **_each(
        "user", "account_id", "account end_account give_grant reset_password reset_second_factor"
    ),
    "api:revoke_grant": by(grant_id="grant"),
    "None": Rule(skip="what is no address of the API"),
}


def filled(values: Mapping[str, str], place: Place) -> dict[str, Any]:
    """The values of a rule in a place."""
    return {
        name: value[1:] if value.startswith("=") else getattr(place, value)
        for name, value in values.items()
    }


@dataclass(frozen=True)
class Address:
    """A pattern of the platform's addresses: its name, with its namespace, and its parameters."""

    name: str
    parameters: frozenset[str]


def addresses() -> list[Address]:
    """Every address there is, as the resolver knows it."""
    return sorted(set(_walked(get_resolver().url_patterns, "")), key=lambda found: found.name)


def _walked(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[Address]:
    for found in patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from _walked(found.url_patterns, inner)
        else:
            yield Address(f"{space}{found.name}", frozenset(found.pattern.converters))
