"""Imports are seen in one's own areas; agreements wherever they touch them."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE, area_policy

_INSIDE = IN_SCOPE.format(column="area")
_TOUCHES = "int8range(area, area_last, '[]') && nullif(current_setting('jingzhun.areas', true), '')::int8multirange"
_CREATE = f"""
ALTER TABLE exchange_agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY exchange_agreement_seen ON exchange_agreement FOR SELECT TO {APP_ROLE} USING ({_TOUCHES});
CREATE POLICY exchange_agreement_made ON exchange_agreement FOR INSERT TO {APP_ROLE} WITH CHECK ({_INSIDE});
CREATE POLICY exchange_agreement_ended ON exchange_agreement FOR UPDATE TO {APP_ROLE}
  USING ({_INSIDE}) WITH CHECK ({_INSIDE});
GRANT SELECT, INSERT, UPDATE ON exchange_agreement TO {APP_ROLE};
"""
_DROP = f"""
REVOKE ALL ON exchange_agreement FROM {APP_ROLE};
DROP POLICY exchange_agreement_seen ON exchange_agreement;
DROP POLICY exchange_agreement_made ON exchange_agreement;
DROP POLICY exchange_agreement_ended ON exchange_agreement;
ALTER TABLE exchange_agreement DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("exchange", "0001_initial")]
    operations = [
        area_policy("exchange_import"),
        area_policy("exchange_importfile"),
        migrations.RunSQL(_CREATE, _DROP),
    ]
