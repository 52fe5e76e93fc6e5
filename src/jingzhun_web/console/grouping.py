"""Names of the groups of households that figures count and lists narrow to, in the page's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun.standard import schema
from jingzhun_web.areas.packs import pack
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.registry.narrowing import GROUPS, INCOME_GROUPS, KEY_FIELDS, STRICTER

_GROUPS: dict[str, str | Promise] = {
    "on_file": _("on file"),
    "registered": _("registered"),
    "exited": _("lifted out"),
    "not_exited": _("not lifted out"),
    "pre_exit": _("about to be lifted out"),
    "returned": _("returned to poverty"),
    "exited_this_year": _("lifted out in the year itself"),
}
_INCOME: dict[str, str | Promise] = {
    "wage": _("wages"),
    "business": _("own business (gross)"),
    "property": _("property"),
    "transfer": _("transfers"),
    "expense": _("production expenses"),
}


def group_name(name: str) -> str:
    """A group of `narrowing.GROUPS` (or `on_file`) in words."""
    return str(_GROUPS[name])


def key_field_name(name: str) -> str:
    """A key field of the data standard, or a group of income, in words."""
    if name in _INCOME:
        return str(_INCOME[name])
    label = schema.table("households").by_name[name].label
    return label.zh if is_chinese() else label.en


def profile_name(profile: str) -> str:
    """A profile in words, or that the stricter outcome of those that count is meant."""
    if profile == STRICTER:
        return str(_("the stricter of those that count"))
    label = pack().profile(profile).label
    return label.zh if is_chinese() else label.en


def profile_choices() -> list[tuple[str, str]]:
    """What households are judged by: the outcome that counts, and each profile."""
    names = [p.id for p in pack().profiles.values() if p.level == "household"]
    return [(name, profile_name(name)) for name in (STRICTER, *names)]


def group_choices() -> list[tuple[str, str]]:
    """Groups to choose from."""
    return [(name, group_name(name)) for name in GROUPS]


def key_field_choices() -> list[tuple[str, str]]:
    """Key fields and income groups to choose from."""
    return [(name, key_field_name(name)) for name in (*KEY_FIELDS, *INCOME_GROUPS)]
