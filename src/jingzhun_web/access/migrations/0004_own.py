"""Sign-ins are their owner's alone; second factors their owner's and those who administer the account.

One function tells an administrator which roles an account holds anywhere: what lies outside their areas is not
shown to them, and still decides whether a role goes with it and who may take the account over.
"""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, IN_SCOPE

_OWN = "user_id = nullif(current_setting('jingzhun.actor', true), '')::bigint"

CREATE = f"""
ALTER TABLE access_signin ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_signin_own ON access_signin TO {APP_ROLE} USING ({_OWN}) WITH CHECK ({_OWN});
GRANT SELECT, INSERT, UPDATE ON access_signin TO {APP_ROLE};

ALTER TABLE otp_totp_totpdevice ENABLE ROW LEVEL SECURITY;
CREATE POLICY otp_totp_totpdevice_seen ON otp_totp_totpdevice TO {APP_ROLE} USING (
  {_OWN} OR EXISTS (
    SELECT 1 FROM access_user u WHERE u.id = user_id AND {IN_SCOPE.format(column="u.area")}
  )
) WITH CHECK ({_OWN});

CREATE FUNCTION access_held(account bigint, on_day date)
RETURNS TABLE (role varchar, is_outside boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.role, NOT coalesce({IN_SCOPE.format(column="g.area")}, false)
  FROM access_grant g JOIN access_user u ON u.id = g.user_id
  WHERE u.id = account AND {IN_SCOPE.format(column="u.area")}
    AND g.revoked_at IS NULL AND (g.until IS NULL OR on_day <= g.until)
  ORDER BY g.id
$$;
REVOKE ALL ON FUNCTION access_held(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_held(bigint, date) TO {APP_ROLE};
"""

DROP = f"""
DROP FUNCTION access_held(bigint, date);
DROP POLICY otp_totp_totpdevice_seen ON otp_totp_totpdevice;
ALTER TABLE otp_totp_totpdevice DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON access_signin FROM {APP_ROLE};
DROP POLICY access_signin_own ON access_signin;
ALTER TABLE access_signin DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("access", "0003_sign_ins"), ("otp_totp", "0003_add_timestamps")]
    operations = [migrations.RunSQL(CREATE, DROP)]
