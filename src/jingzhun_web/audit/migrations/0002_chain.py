"""The chain: entries are appended by one function, can't be changed, and can be verified."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE

HASH = (
    "sha256({p}previous || convert_to(concat_ws('|', {p}id, to_char({p}at AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD HH24:MI:SS.US'), {p}actor, {p}act, {p}kind, {p}object_id, {p}area,"
    " {p}detail::text), 'UTF8'))"
)

CREATE = f"""
CREATE FUNCTION audit_append(
  p_actor bigint, p_act text, p_kind text, p_object text, p_area bigint, p_detail jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE e audit_entry%ROWTYPE;
BEGIN
  -- One after the other, or two entries would follow the same one.
  PERFORM pg_advisory_xact_lock(hashtext('audit_entry'));
  e.id := nextval(pg_get_serial_sequence('audit_entry', 'id'));
  e.at := clock_timestamp(); e.actor := p_actor; e.act := p_act; e.kind := p_kind;
  e.object_id := p_object; e.area := p_area; e.detail := p_detail;
  e.previous := coalesce((SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1), ''::bytea);
  e.hash := {HASH.format(p="e.")};
  INSERT INTO audit_entry SELECT e.*;
  RETURN e.id;
END $$;

CREATE FUNCTION audit_first_break() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  SELECT id FROM (
    SELECT a.id, a.hash, a.previous, {HASH.format(p="a.")} AS right_hash,
           lag(a.hash, 1, ''::bytea) OVER (ORDER BY a.id) AS before
    FROM audit_entry a
  ) chained WHERE hash <> right_hash OR previous <> before ORDER BY id LIMIT 1
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

REVOKE ALL ON FUNCTION audit_append(bigint, text, text, text, bigint, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_first_break() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(bigint, text, text, text, bigint, jsonb) TO {APP_ROLE};
GRANT EXECUTE ON FUNCTION audit_first_break() TO {APP_ROLE};
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_entry_read ON audit_entry FOR SELECT TO {APP_ROLE} USING (
  actor = nullif(current_setting('jingzhun.actor', true), '')::bigint
  OR (area > 0 AND {IN_SCOPE.format(column="area")})
);
GRANT SELECT ON audit_entry TO {APP_ROLE};
"""

DROP = """
DROP POLICY audit_entry_read ON audit_entry;
DROP TRIGGER audit_append_only ON audit_entry;
DROP TRIGGER audit_no_truncate ON audit_entry;
DROP FUNCTION audit_refuse(), audit_first_break(),
  audit_append(bigint, text, text, text, bigint, jsonb);
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
