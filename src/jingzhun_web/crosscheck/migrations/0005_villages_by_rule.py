"""A list narrowed to the findings of a rule looks only into the villages that have some: found by their sums."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [
        ("crosscheck", "0004_township_figures"),
        # Its rows say where households with findings have moved to.
        ("registry", "0014_moved"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX finding_villages_by_rule ON crosscheck_village_figures (rule, period, area);",
            "DROP INDEX finding_villages_by_rule;",
        )
    ]
