"""Who did something: accounts by name, as far as one's areas reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from jingzhun_web.access.models import User


def names(ids: Iterable[int]) -> Mapping[int, str]:
    """Account -> its name, or its number where it belongs to an area above or beside one's own."""
    wanted = set(ids)
    found = {
        user.pk: user.display_name or user.username for user in User.objects.filter(pk__in=wanted)
    }
    return {
        pk: found.get(pk) or (_("account %(n)d") % {"n": pk} if pk else _("the system"))
        for pk in wanted
    }
