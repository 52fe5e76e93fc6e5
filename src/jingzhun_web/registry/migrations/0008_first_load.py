"""The first load of all builds the indexes of lists and search once, at its end.

Keeping them row by row takes longer than the rows themselves. The application may neither drop nor make an
index, so two functions with the owner's rights do this and nothing else: `registry_indexes_away` only while no
household is on file, and `registry_indexes_back` only what the former took away. Both in one transaction: when it
fails, the indexes stand as before. Indexes that keep rows from being there twice stay.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE

KEPT = "registry_index_away"
AS_OWNER = "SECURITY DEFINER SET search_path = public, pg_temp"
FUNCTIONS = ("registry_indexes_away()", "registry_indexes_back()")
AWAY = f"""
FUNCTION {FUNCTIONS[0]} RETURNS integer LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE found record; gone integer := 0;
BEGIN
  IF EXISTS (SELECT 1 FROM registry_household) THEN RETURN 0; END IF;
  FOR found IN SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid IN ('registry_household'::regclass, 'registry_person'::regclass) AND NOT indisunique
  LOOP
    INSERT INTO {KEPT} VALUES (found.definition);
    EXECUTE 'DROP INDEX ' || found.name;
    gone := gone + 1;
  END LOOP;
  RETURN gone;
END $$;
"""
MAKE = f"""
CREATE TABLE {KEPT} (definition text NOT NULL);

CREATE {AWAY}

CREATE FUNCTION {FUNCTIONS[1]} RETURNS integer LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE kept text; made integer := 0;
BEGIN
  FOR kept IN DELETE FROM {KEPT} RETURNING definition LOOP
    EXECUTE kept;
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
""" + "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE};"
    for name in FUNCTIONS
)
UNMAKE = "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS) + f"DROP TABLE {KEPT};"


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0007_one_verdict")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
