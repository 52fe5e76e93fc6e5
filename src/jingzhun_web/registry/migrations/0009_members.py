"""A change may put people on file; nobody is current twice in a period, wherever their other archive is.

A number is looked for in all areas by a function with the owner's rights, which answers yes or no and nothing
else. It holds the number until the transaction ends, so that of two who add the same person at once the second
one waits and is told.
"""

from __future__ import annotations

from django.db import migrations, models

from jingzhun_web.kit.rls import APP_ROLE

FUNCTION = "registry_number_is_taken(wanted bytea, in_period integer, by_others_than text)"
NAME = "registry_number_is_taken(bytea, integer, text)"
MAKE = f"""
CREATE FUNCTION {FUNCTION} RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(encode(wanted, 'hex') || in_period::text, 0));
  RETURN EXISTS (
    SELECT 1 FROM registry_person WHERE document_index = wanted AND period = in_period
      AND person_id <> by_others_than AND record_state IS DISTINCT FROM '2'
  );
END $$;
REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {NAME} TO {APP_ROLE};
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0008_first_load")]
    operations = [
        migrations.AddField(
            model_name="change", name="joins", field=models.JSONField(default=list)
        ),
        migrations.RunSQL(MAKE, f"DROP FUNCTION {NAME};"),
    ]
