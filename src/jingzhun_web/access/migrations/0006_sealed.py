"""Keys of second factors are encrypted where they stand, and only such may stand there from now on.

Recovery codes are their owner's alone. Temporary passwords given before there was a deadline end in some days.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone

from jingzhun_web.access.models import SEALED, opened_key, sealed_key
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.rls import APP_ROLE

_OWN = "user_id = nullif(current_setting('jingzhun.actor', true), '')::bigint"

CREATE = f"""
ALTER TABLE otp_totp_totpdevice ADD CONSTRAINT otp_totp_totpdevice_sealed
  CHECK (starts_with(key, '{SEALED}'));
ALTER TABLE access_recoverycode ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_recoverycode_own ON access_recoverycode TO {APP_ROLE}
  USING ({_OWN}) WITH CHECK ({_OWN});
GRANT SELECT, INSERT, UPDATE ON access_recoverycode TO {APP_ROLE};
"""

DROP = f"""
REVOKE ALL ON access_recoverycode FROM {APP_ROLE};
DROP POLICY access_recoverycode_own ON access_recoverycode;
ALTER TABLE access_recoverycode DISABLE ROW LEVEL SECURITY;
ALTER TABLE otp_totp_totpdevice DROP CONSTRAINT otp_totp_totpdevice_sealed;
"""


def seal(apps: Any, _editor: Any) -> None:
    """Encrypt the keys that stand in clear; without any, no data key is needed."""
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.exclude(key__startswith=SEALED):
        device.key = sealed_key(bytes.fromhex(device.key))
        device.save(update_fields=["key"])


def unseal(apps: Any, _editor: Any) -> None:
    """Back to what the library writes."""
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.filter(key__startswith=SEALED):
        device.key = opened_key(device.key).hex()
        device.save(update_fields=["key"])


def set_deadlines(apps: Any, _editor: Any) -> None:
    """A deadline for every temporary password that has none."""
    until = timezone.now() + timedelta(days=environment().temporary_password_days)
    waiting = apps.get_model("access", "User").objects.filter(must_change_password=True)
    waiting.filter(temporary_until=None).update(temporary_until=until)


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("access", "0005_second_factor")]
    operations = [
        migrations.RunPython(seal, unseal),
        migrations.RunPython(set_deadlines, migrations.RunPython.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
