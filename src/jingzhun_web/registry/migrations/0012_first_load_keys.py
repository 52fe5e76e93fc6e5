"""The first load of all builds the keys at its end too: each row that met four unique indexes took a third longer.

What is taken away stands again before the transaction ends, or the transaction fails: a household or person that
is there twice is refused as before, only at the end. Nothing refers to these keys.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

before = import_module("jingzhun_web.registry.migrations.0008_first_load")

TABLES = "('registry_household'::regclass, 'registry_person'::regclass)"
MAKE = f"""
CREATE OR REPLACE FUNCTION {before.FUNCTIONS[0]} RETURNS integer LANGUAGE plpgsql {before.AS_OWNER} AS $$
DECLARE found record; gone integer := 0;
BEGIN
  IF EXISTS (SELECT 1 FROM registry_household) THEN RETURN 0; END IF;
  FOR found IN
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint WHERE conrelid IN {TABLES} AND contype IN ('p', 'u')
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid IN {TABLES} AND NOT indisunique
  LOOP
    INSERT INTO {before.KEPT} VALUES (found.make);
    EXECUTE found.drop;
    gone := gone + 1;
  END LOOP;
  RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0011_township_figures")]
    operations = [migrations.RunSQL(MAKE, f"CREATE OR REPLACE {before.AWAY}")]
