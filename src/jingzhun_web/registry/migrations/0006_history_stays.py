"""What a row was is written by triggers and changed by nobody."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE

TABLES = "registry_householdevent, registry_personevent"


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0005_changes_security")]
    operations = [
        migrations.RunSQL(
            f"REVOKE UPDATE ON {TABLES} FROM {APP_ROLE};",
            f"GRANT UPDATE ON {TABLES} TO {APP_ROLE};",
        )
    ]
