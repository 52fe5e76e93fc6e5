"""Findings and the work on them are seen in one's own areas; what happened is only added to."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy

TABLES = (
    "crosscheck_run",
    "crosscheck_finding",
    "crosscheck_event",
    "crosscheck_homecheck",
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("crosscheck", "0001_initial")]
    operations = [
        *(area_policy(table) for table in TABLES),
        migrations.RunSQL(
            f"REVOKE UPDATE ON crosscheck_event, crosscheck_run FROM {APP_ROLE};",
            f"GRANT UPDATE ON crosscheck_event, crosscheck_run TO {APP_ROLE};",
        ),
    ]
