"""Accounts and grants are seen in one's own areas, one's own always, and one account while it signs in."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE

_ACTOR = "nullif(current_setting('jingzhun.actor', true), '')::bigint"
_INSIDE = IN_SCOPE.format(column="area")

CREATE = f"""
ALTER TABLE access_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_user_seen ON access_user TO {APP_ROLE} USING (
  id = {_ACTOR} OR username = nullif(current_setting('jingzhun.login', true), '') OR {_INSIDE}
);
ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_grant_seen ON access_grant FOR SELECT TO {APP_ROLE}
  USING (user_id = {_ACTOR} OR {_INSIDE});
CREATE POLICY access_grant_given ON access_grant FOR INSERT TO {APP_ROLE} WITH CHECK ({_INSIDE});
CREATE POLICY access_grant_ended ON access_grant FOR UPDATE TO {APP_ROLE}
  USING ({_INSIDE}) WITH CHECK ({_INSIDE});
GRANT SELECT, INSERT, UPDATE ON access_user, access_grant TO {APP_ROLE};
"""

DROP = """
DROP POLICY access_user_seen ON access_user;
DROP POLICY access_grant_seen ON access_grant;
DROP POLICY access_grant_given ON access_grant;
DROP POLICY access_grant_ended ON access_grant;
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
