"""What stands in the log, in words: acts, things, details. An act without words is shown by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jingzhun_web.access.roles import Role
from jingzhun_web.console.findings.presented import act_text
from jingzhun_web.console.jobs.kinds import KINDS as JOBS
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.dialogue.processes import Kind, State

ACTS: Mapping[str, Promise | str] = {
    "sign_in": _("signed in"),
    "sign_out": _("signed out"),
    "sign_in_failed": _("sign-in failed"),
    "lock_user": _("account locked after failures"),
    "password_over": _("temporary password has ended"),
    "end_sign_in": _("ended other sign-ins"),
    "change_password": _("changed the password"),
    "reset_password": _("gave a new password"),
    "second_factor": _("gave the second factor"),
    "second_factor_failed": _("second factor failed"),
    "confirm_second_factor": _("set up a second factor"),
    "remove_second_factor": _("removed the second factor"),
    "reset_second_factor": _("removed somebody's second factor"),
    "make_recovery_codes": _("made recovery codes"),
    "use_recovery_code": _("used a recovery code"),
    "recovery_code_failed": _("recovery code failed"),
    "create_user": _("made an account"),
    "end_user": _("ended an account"),
    "give_grant": _("gave a role"),
    "revoke_grant": _("took a role away"),
    "make_token": _("made a token"),
    "revoke_token": _("revoked a token"),
    "export": _("began an export"),
    "export_finished": _("exported the list to its end"),
    "print_sheet": _("opened a printed sheet"),
    "download_rejects": _("downloaded rejected rows"),
    "reveal_identifiers": _("saw numbers in full"),
    "reveal_refused": _("was refused numbers in full"),
    "search_refused": _("was refused a search"),
    "attach": _("attached a photo or document"),
    "open_attachment": _("opened a photo or document"),
    "propose_change": _("proposed a change"),
    "review_change": _("reviewed a change"),
    "approve_change": _("approved a change"),
    "refuse_change": _("refused a change"),
    "set_status": _("set the exit status"),
    "apply_decision": _("put a decision on file"),
    "recognise": _("recognised a household"),
    "hang_out_list": _("hung out a list"),
    "hand_in_objection": _("an objection was handed in"),
    "read_objections": _("read objections"),
    "objection_upheld": _("upheld an objection"),
    "objection_rejected": _("rejected an objection"),
    "dispatch_findings": _("sent findings of a rule down"),
    "keep_findings": _("findings of a cross-check came in"),
    "evaluate": _("outcomes of an evaluation came in"),
    "load_register": _("loaded a register"),
    "take_over_import": _("took an import over"),
    "make_agreement": _("recorded an agreement"),
    "end_agreement": _("ended an agreement"),
    "verify_log": _("checked the log"),
    "back_up": _("made a backup"),
    "restore": _("restored a backup"),
}
THINGS: Mapping[str, Promise | str] = {
    "user": _("account"),
    "token": _("token"),
    "household": _("household"),
    "households": _("list of households"),
    "finding": _("finding"),
    "rule": _("rule"),
    "case": _("case"),
    "publicity": _("public list"),
    "entry": _("line of a public list"),
    "objection": _("objection"),
    "import": _("import"),
    "agreement": _("agreement"),
    "upload": _("register"),
    "job": _("job"),
    "crosscheck_run": _("cross-check"),
    "evaluation_run": _("evaluation"),
    "log": _("log"),
    "installation": _("installation"),
}
DETAILS: Mapping[str, Promise | str] = {
    "rows": _("rows"),
    "form": _("form"),
    "with_names": _("with names"),
    "sha256": "SHA-256",
    "role": _("role"),
    "count": _("number"),
    "households": _("households"),
    "persons": _("persons"),
    "entries": _("households"),
    "until": _("until"),
    "days": _("days"),
    "period": _("year"),
    "sessions": _("sign-ins"),
    "left": _("codes left"),
    "tables": _("tables"),
}
"""Details that are shown; others are numbers for programs. The reason has a column of its own."""


def act(code: str) -> str:
    """What was done."""
    if code in ACTS:
        return str(ACTS[code])
    return _of_finding(code) or _of_case(code) or _of_job(code) or code


def _of_finding(code: str) -> str:
    own = code.removesuffix("_finding")
    return "" if own == code else _now("finding: %s") % act_text(own)


def _of_case(code: str) -> str:
    kind, _bar, state = code.partition("_")
    if kind not in Kind.values or state not in State.values:
        return ""
    return f"{Kind(kind).label}: {State(state).label}"


def _of_job(code: str) -> str:
    texts = {"start": _now("started: %s"), "done": _now("done: %s"), "failed": _now("failed: %s")}
    state, _bar, kind = code.partition("_")
    return texts[state] % JOBS.get(kind, kind) if state in texts else ""


def thing(kind: str, number: str) -> str:
    """What it concerns, with its number; of the log itself, how it was found."""
    if kind == "log":
        _before, _broken, entry = number.partition("broken at ")
        number = _now("broken at entry %s") % entry if entry else _now("whole")
    return f"{THINGS.get(kind, kind)} {number}"


def details(detail: Mapping[str, Any]) -> str:
    """Counts and checksums that say more of an act."""
    parts = [
        f"{label}: {_value(name, detail[name])}"
        for name, label in DETAILS.items()
        if name in detail
    ]
    return ("；" if is_chinese() else "; ").join(parts)


def _value(name: str, value: Any) -> str:
    if name == "role":
        return str(Role(value).label) if value in Role.values else str(value)
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
