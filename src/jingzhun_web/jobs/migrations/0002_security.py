"""A job is seen by whoever started it, and in the areas it works on."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE

_INSIDE = IN_SCOPE.format(column="area")
_OWN = "started_by = nullif(current_setting('jingzhun.actor', true), '')::bigint"

CREATE = f"""
ALTER TABLE jobs_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_job_seen ON jobs_job TO {APP_ROLE}
  USING ({_OWN} OR ({_INSIDE})) WITH CHECK ({_OWN});
GRANT SELECT, INSERT, UPDATE ON jobs_job TO {APP_ROLE};
"""
DROP = f"""
REVOKE ALL ON jobs_job FROM {APP_ROLE};
DROP POLICY jobs_job_seen ON jobs_job;
ALTER TABLE jobs_job DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("jobs", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
