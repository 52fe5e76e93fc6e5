"""Cases are seen in one's own areas; lists in force by everybody; objections are handed in through one function."""

from __future__ import annotations

from django.db import migrations

from jingzhun_web.kit.rls import APP_ROLE, area_policy

TABLES = (
    "dialogue_case",
    "dialogue_step",
    "dialogue_publicity",
    "dialogue_entry",
    "dialogue_objection",
)
# The day in the place where the lists hang, whatever the connection's time zone.
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
IN_FORCE = f"{TODAY} BETWEEN starts AND until"

PUBLIC = f"""
CREATE POLICY dialogue_publicity_public ON dialogue_publicity FOR SELECT TO {APP_ROLE}
  USING ({IN_FORCE});
CREATE POLICY dialogue_entry_public ON dialogue_entry FOR SELECT TO {APP_ROLE} USING (
  NOT is_withdrawn AND EXISTS (
    SELECT 1 FROM dialogue_publicity p WHERE p.id = publicity_id AND {IN_FORCE}
  )
);
ALTER TABLE dialogue_knock ENABLE ROW LEVEL SECURITY;

-- Taken, or why not: 'closed' (no such line hangs out now), 'too_many' (of one source in an hour).
CREATE FUNCTION dialogue_object(
  p_entry bigint, p_receipt bytea, p_reason bytea, p_contact bytea, p_source bytea, p_most integer
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE e dialogue_entry%ROWTYPE; n integer;
BEGIN
  INSERT INTO dialogue_knock (source_index, hour, times)
    VALUES (p_source, date_trunc('hour', now()), 1)
    ON CONFLICT (source_index, hour) DO UPDATE SET times = dialogue_knock.times + 1
    RETURNING times INTO n;
  DELETE FROM dialogue_knock WHERE hour < now() - interval '1 day';
  IF n > p_most THEN RETURN 'too_many'; END IF;
  SELECT d.* INTO e FROM dialogue_entry d
    JOIN dialogue_publicity p ON p.id = d.publicity_id
    -- Against a decision that may be made at the same moment.
    JOIN dialogue_case c ON c.id = d.case_id AND c.state = p.state
    WHERE d.id = p_entry AND NOT d.is_withdrawn AND {IN_FORCE}
      AND p.state IN ('published', 'published_again')
    FOR UPDATE OF c;
  IF NOT FOUND THEN RETURN 'closed'; END IF;
  INSERT INTO dialogue_objection (entry_id, case_id, area, receipt_index, reason, contact,
                                  received_on, state, answer, answered_by)
    VALUES (e.id, e.case_id, e.area, p_receipt, p_reason, p_contact, {TODAY}, 'open', '', 0);
  RETURN 'taken';
END $$;

-- What whoever holds a receipt may know.
CREATE FUNCTION dialogue_answer(p_receipt bytea)
RETURNS TABLE (state text, answer text, received_on date, answered_on date)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  SELECT o.state::text, o.answer, o.received_on, o.answered_on
  FROM dialogue_objection o WHERE o.receipt_index = p_receipt
$$;

REVOKE ALL ON FUNCTION dialogue_object(bigint, bytea, bytea, bytea, bytea, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION dialogue_answer(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dialogue_object(bigint, bytea, bytea, bytea, bytea, integer) TO {APP_ROLE};
GRANT EXECUTE ON FUNCTION dialogue_answer(bytea) TO {APP_ROLE};
REVOKE UPDATE ON dialogue_step FROM {APP_ROLE};
REVOKE INSERT ON dialogue_objection FROM {APP_ROLE};
"""

BACK = f"""
DROP FUNCTION dialogue_object(bigint, bytea, bytea, bytea, bytea, integer), dialogue_answer(bytea);
DROP POLICY dialogue_publicity_public ON dialogue_publicity;
DROP POLICY dialogue_entry_public ON dialogue_entry;
ALTER TABLE dialogue_knock DISABLE ROW LEVEL SECURITY;
GRANT UPDATE ON dialogue_step TO {APP_ROLE};
GRANT INSERT ON dialogue_objection TO {APP_ROLE};
"""


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [("dialogue", "0001_initial")]
    operations = [*(area_policy(table) for table in TABLES), migrations.RunSQL(PUBLIC, BACK)]
