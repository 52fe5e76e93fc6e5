"""How often somebody saw numbers in full lately is counted without reading the whole log."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module's text."""

    dependencies = [
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("act", "reveal_identifiers")),
                fields=["actor", "at"],
                name="audit_reveals",
            ),
        ),
    ]
