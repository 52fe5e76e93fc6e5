"""Why rows are rejected, in few words for a table; the download has the whole sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun.quality.intake.reasons import Reason

REASONS: dict[Reason, str | Promise] = {
    Reason.RAGGED_ROW: _("the row does not fit the header"),
    Reason.REQUIRED_MISSING: _("required and empty"),
    Reason.NOT_A_NUMBER: _("not a number"),
    Reason.NOT_WHOLE: _("not a whole number"),
    Reason.DIGITS_LOST: _("scientific notation, digits may be lost"),
    Reason.OUT_OF_RANGE: _("outside the allowed range"),
    Reason.NOT_A_DATE: _("not a date"),
    Reason.NOT_YES_NO: _("neither yes nor no"),
    Reason.UNKNOWN_NAME: _("not in the code list"),
    Reason.UNKNOWN_CODE: _("not a code of that version"),
    Reason.CODE_WITHOUT_VERSION: _("a bare code; the mapping must name the version"),
    Reason.TOO_MANY_VALUES: _("too many values"),
    Reason.NOT_A_DIVISION: _("not a division code of 12 digits"),
    Reason.UNKNOWN_DIVISION: _("in no county that is known"),
    Reason.UNKNOWN_PLACE: _("no single place of this name"),
    Reason.CONTROL_CHARACTER: _("a control character or line break"),
    Reason.DAMAGED_TEXT: _("text damaged by an earlier conversion"),
    Reason.TOO_LONG: _("too long"),
    Reason.OUTSIDE_AREA: _("outside your area"),
    Reason.NUMBER_ELSEWHERE: _("its number is that of a record of another area"),
    Reason.HOUSEHOLD_UNKNOWN: _("its household is not known in your area"),
    Reason.DUPLICATE: _("the same key stands in an earlier row"),
}
