"""Kinds of work, as people call them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Promise | str] = {
    "crosscheck": _("Cross-check of the register"),
    "evaluate": _("Evaluation of households"),
    "check_import": _("Check of an import"),
    "apply_import": _("Taking over an import"),
}
"""By the codes under which `jobs.work` registers them."""
