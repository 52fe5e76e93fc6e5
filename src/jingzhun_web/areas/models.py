"""One row per division. A division contains another whose code begins with its digits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingzhun_web.kit.scope import span


class Level(models.IntegerChoices):
    """Levels of division; the number is that of the digits that tell it."""

    PROVINCE = 2, _("province")
    PREFECTURE = 4, _("prefecture")
    COUNTY = 6, _("county")
    TOWNSHIP = 9, _("township")
    VILLAGE = 12, _("village")


LEVEL_BELOW = {
    Level.PROVINCE: Level.PREFECTURE.value,
    Level.PREFECTURE: Level.COUNTY.value,
    Level.COUNTY: Level.TOWNSHIP.value,
    Level.TOWNSHIP: Level.VILLAGE.value,
    Level.VILLAGE: Level.VILLAGE.value,
}


class Area(models.Model):
    """A division. Public information: everybody may read every area's name."""

    code = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    level = models.SmallIntegerField(choices=Level)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_index=True
    )

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("level", "code"), name="area_level"),)

    def __str__(self) -> str:
        return self.name

    @property
    def digits(self) -> str:
        """The code as written: 12 digits."""
        return f"{self.code:012d}"

    @property
    def level_below(self) -> int:
        """Digits of the areas directly below; of a village: its own."""
        return LEVEL_BELOW[Level(self.level)]

    @property
    def span(self) -> tuple[int, int]:
        """First and last code inside."""
        return span(self.digits)
