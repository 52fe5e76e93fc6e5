"""Tokens and kept answers are their owner's alone; a token is found by its secret before anybody acts."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE

_OWN = "user_id = nullif(current_setting('jingzhun.actor', true), '')::bigint"

# Read with the owner's rights: nobody acts yet. Whoever knows the secret may know what it opens.
_HOLDER = f"""
CREATE FUNCTION token_holder(secret bytea, on_day date, at timestamptz) RETURNS TABLE (
  token bigint, used timestamptz, rights varchar[], areas bigint[],
  account bigint, name varchar, language varchar, roles varchar[], places bigint[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.last_used_at, t.rights, t.areas, u.id, u.display_name, u.language,
    array(SELECT g.role FROM access_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL
          AND (g.until IS NULL OR on_day <= g.until) ORDER BY g.id),
    array(SELECT g.area FROM access_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL
          AND (g.until IS NULL OR on_day <= g.until) ORDER BY g.id)
  FROM tokens_token t JOIN access_user u ON u.id = t.user_id
  WHERE t.hash = secret AND t.revoked_at IS NULL AND at < t.expires_at AND u.is_active
$$;
CREATE FUNCTION token_used(token bigint, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tokens_token SET last_used_at = at WHERE id = token
$$;
REVOKE ALL ON FUNCTION token_holder(bytea, date, timestamptz), token_used(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token_holder(bytea, date, timestamptz), token_used(bigint, timestamptz)
  TO {APP_ROLE};
"""

_TABLES = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY {table}_own ON {table} TO {APP_ROLE} USING ({_OWN}) WITH CHECK ({_OWN});"
    f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP_ROLE};"
    for table in ("tokens_token", "tokens_answer")
)

DROP = (
    "DROP FUNCTION token_holder(bytea, date, timestamptz);"
    "DROP FUNCTION token_used(bigint, timestamptz);"
) + "".join(
    f"REVOKE ALL ON {table} FROM {APP_ROLE};DROP POLICY {table}_own ON {table};"
    f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    for table in ("tokens_token", "tokens_answer")
)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("tokens", "0001_initial"), ("access", "0002_security")]
    operations = [migrations.RunSQL(_HOLDER + _TABLES, DROP)]
