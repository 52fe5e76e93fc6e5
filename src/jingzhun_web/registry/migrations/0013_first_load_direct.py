"""The first load of all copies straight into the archive, into files that are new in its transaction.

PostgreSQL refuses COPY where row-level security is active, so that every row used to go through a scratch table.
While no household is on file there is nobody to protect: `registry_first_load_begins` switches the policies of the
two tables off, locked against everybody else, besides taking keys and indexes away; `registry_first_load_ends`
holds every area that came in against the scope, switches the policies on and builds what was taken away. Nobody
can leave the second out: a transaction that would end without it is refused. Emptied tables get new files, whose
rows PostgreSQL doesn't write a second time into its log where nobody follows the log.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE

first_load = import_module("jingzhun_web.registry.migrations.0008_first_load")
keys = import_module("jingzhun_web.registry.migrations.0012_first_load_keys")

KEPT, AS_OWNER = first_load.KEPT, first_load.AS_OWNER
BOTH = "registry_household, registry_person"
FUNCTIONS = ("registry_first_load_begins()", "registry_first_load_ends()")
UNENDED = "registry_first_load_unended"
MAKE = f"""
DROP FUNCTION {first_load.FUNCTIONS[0]};
DROP FUNCTION {first_load.FUNCTIONS[1]};

CREATE FUNCTION {FUNCTIONS[0]} RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE found record;
BEGIN
  -- Asked before the lock too: a later load holds nobody up.
  IF EXISTS (SELECT 1 FROM registry_household) OR EXISTS (SELECT 1 FROM registry_person) THEN RETURN false; END IF;
  LOCK TABLE {BOTH} IN ACCESS EXCLUSIVE MODE;
  IF EXISTS (SELECT 1 FROM registry_household) OR EXISTS (SELECT 1 FROM registry_person)
    OR EXISTS (SELECT 1 FROM {KEPT}) THEN RETURN false; END IF;
  TRUNCATE {BOTH};
  FOR found IN
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint WHERE conrelid IN {keys.TABLES} AND contype IN ('p', 'u')
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid IN {keys.TABLES} AND NOT indisunique
    UNION ALL
    SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', oid::regclass),
      format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', oid::regclass)
    FROM pg_class WHERE oid IN {keys.TABLES} AND relrowsecurity
  LOOP
    INSERT INTO {KEPT} VALUES (found.make);
    EXECUTE found.drop;
  END LOOP;
  RETURN true;
END $$;

CREATE FUNCTION {FUNCTIONS[1]} RETURNS void LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE kept text;
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT area FROM registry_household UNION SELECT area FROM registry_person) AS came
    WHERE ({IN_SCOPE.format(column="came.area")}) IS NOT TRUE
  ) THEN
    RAISE EXCEPTION 'rows of a first load lie outside the scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR kept IN DELETE FROM {KEPT} RETURNING definition LOOP EXECUTE kept; END LOOP;
END $$;

CREATE FUNCTION {UNENDED}() RETURNS trigger LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {KEPT}) THEN
    RAISE EXCEPTION 'a first load has begun and not ended' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {UNENDED} AFTER INSERT ON {KEPT} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION {UNENDED}();
REVOKE ALL ON FUNCTION {UNENDED}() FROM PUBLIC;
""" + "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE};"
    for name in FUNCTIONS
)
UNMAKE = (
    f"DROP TRIGGER {UNENDED} ON {KEPT}; DROP FUNCTION {UNENDED}();"
    + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
    + f"DROP TABLE {KEPT};"
    + first_load.MAKE
    + keys.MAKE
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("registry", "0012_first_load_keys")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
