"""Archives and their history are seen in one's own areas."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import area_policy, open_to_all

TABLES = (
    "registry_household",
    "registry_householdevent",
    "registry_person",
    "registry_personevent",
    "registry_verdict",
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0001_initial")]
    operations = [*(area_policy(table) for table in TABLES), open_to_all("registry_upload")]
