"""A new password given by an administrator ends the account's tokens: they may be in the hands it is taken from."""

from __future__ import annotations

from django.db import migrations

# With the owner's rights: whoever gives the password sees none of the tokens.
CREATE = """
CREATE FUNCTION tokens_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE tokens_token SET revoked_at = clock_timestamp() WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tokens_end() FROM PUBLIC;
CREATE TRIGGER tokens_end AFTER UPDATE OF must_change_password ON access_user
  FOR EACH ROW WHEN (NEW.must_change_password) EXECUTE FUNCTION tokens_end();
"""
DROP = "DROP TRIGGER tokens_end ON access_user; DROP FUNCTION tokens_end();"


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("tokens", "0002_security"), ("access", "0006_sealed")]
    operations = [migrations.RunSQL(CREATE, DROP)]
