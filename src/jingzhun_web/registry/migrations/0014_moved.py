"""Where households have moved within a year, kept by the trigger that lets their verdicts follow.

What another table says by village (findings, for one) tells in which villages a list has to look; a household
that has moved since stands elsewhere. These rows say where: few, since few move. Who moves back stays in them,
so that a place may be looked at in vain and none is left out.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy, read_once

outcomes = import_module("jingzhun_web.registry.migrations.0010_outcomes")

TABLE = "registry_moved"
FOLLOWS = outcomes.FOLLOWS.format(act="update")
MOVED, FOLLOW = outcomes.MOVES["update"]


def _on_a_move(*also: str) -> str:
    """What happens when households move: their verdicts follow, and besides it `also`."""
    acts = (
        *also,
        outcomes.MEANWHILE,
        f"{FOLLOW.format(moved=MOVED)} WHERE {outcomes.WITH_HOUSEHOLD};",
    )
    body = f"IF NOT EXISTS ({MOVED}) THEN RETURN NULL; END IF; {' '.join(acts)}"
    return str(outcomes._function(FOLLOWS, body)).replace("CREATE", "CREATE OR REPLACE", 1)


MAKE = f"""
CREATE TABLE {TABLE} (period smallint NOT NULL, area bigint NOT NULL, household_id varchar(60) NOT NULL,
  PRIMARY KEY (period, area, household_id));
INSERT INTO {TABLE} (household_id, period, area) SELECT DISTINCT h.household_id, h.period, h.area
FROM registry_householdevent AS e JOIN registry_household AS h ON h.id = e.pgh_obj_id WHERE e.area <> h.area;
""" + _on_a_move(f"INSERT INTO {TABLE} ({outcomes.PLACE}) {MOVED} ON CONFLICT DO NOTHING;")
UNMAKE = _on_a_move() + f"DROP TABLE {TABLE};"


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
