"""Changes, status entries and attachments are seen in one's own areas; saved filters by their account only.

Also: history is found by household, and not by reading all of it.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy

TABLES = (
    "registry_statusentry",
    "registry_change",
    "registry_changeitem",
    "registry_changestep",
    "registry_attachment",
)
OWN = "user_id = nullif(current_setting('jingzhun.actor', true), '')::bigint"
FILTERS = f"""
ALTER TABLE registry_savedfilter ENABLE ROW LEVEL SECURITY;
CREATE POLICY registry_savedfilter_own ON registry_savedfilter TO {APP_ROLE}
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON registry_savedfilter TO {APP_ROLE};
"""
NO_FILTERS = f"""
REVOKE ALL ON registry_savedfilter FROM {APP_ROLE};
DROP POLICY registry_savedfilter_own ON registry_savedfilter;
ALTER TABLE registry_savedfilter DISABLE ROW LEVEL SECURITY;
"""
HISTORY = """
CREATE INDEX household_history ON registry_householdevent (household_id, period, pgh_created_at);
CREATE INDEX person_history ON registry_personevent (household_id, period, pgh_created_at);
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0004_changes")]
    operations = [
        *(area_policy(table) for table in TABLES),
        migrations.RunSQL(FILTERS, NO_FILTERS),
        migrations.RunSQL(HISTORY, "DROP INDEX household_history, person_history;"),
    ]
