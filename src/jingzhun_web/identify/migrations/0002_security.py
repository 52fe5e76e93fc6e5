"""Home checks are seen in one's own areas."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import area_policy

TABLES = ("identify_visit",)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("identify", "0001_initial")]
    operations = [area_policy(table) for table in TABLES]
