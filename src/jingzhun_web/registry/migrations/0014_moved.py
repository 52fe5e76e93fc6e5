"""Where households have moved within a year, kept by a trigger.

What another table says by village (findings, for one) tells in which villages a list has to look; a household
that has moved since stands elsewhere. These rows say where: few, since few move. Who moves back stays in them,
so that a place may be looked at in vain and none is left out.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

TABLE = "registry_moved"
PLACE = "period, area, household_id"
MAKE = f"""
CREATE TABLE {TABLE} (period smallint NOT NULL, area bigint NOT NULL, household_id varchar(60) NOT NULL,
  PRIMARY KEY ({PLACE}));
CREATE FUNCTION {TABLE}_update() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  INSERT INTO {TABLE} ({PLACE}) SELECT {PLACE} FROM new_rows EXCEPT SELECT {PLACE} FROM old_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {TABLE}_update() FROM PUBLIC;
CREATE TRIGGER {TABLE}_update AFTER UPDATE ON registry_household
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_update();

INSERT INTO {TABLE} ({PLACE}) SELECT DISTINCT h.period, h.area, h.household_id
FROM registry_householdevent AS e JOIN registry_household AS h ON h.id = e.pgh_obj_id WHERE e.area <> h.area;
"""
UNMAKE = (
    f"DROP TRIGGER {TABLE}_update ON registry_household; DROP FUNCTION {TABLE}_update();"
    f"DROP TABLE {TABLE};"
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0013_first_load_direct")]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        area_policy(TABLE),
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE ON {TABLE} FROM {APP_ROLE};", migrations.RunSQL.noop
        ),
        read_once(TABLE),
    ]
