"""What the application's role may touch: every table is in one of these lists, or a test fails.

Tables with row-level security get their grants with their policy (`kit.rls`); those here hold no people.
"""

from __future__ import annotations

from django.db import connection

from jingzhun_web.kit.rls import APP_ROLE

WRITTEN = ("django_session", "otp_totp_totpdevice", "pghistory_context")
READ = ("django_content_type", "django_migrations", "areas_area")
JOBS = "procrastinate_"
"""Tables of the job queue: they hold ids and scopes of jobs."""
UNTOUCHED = ("auth_group", "auth_group_permissions", "auth_permission", "registry_index_away")


def give_grants() -> None:
    """Give the application's role its rights on the tables of libraries; run as the owner, any number of times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        for name in names:
            if name in WRITTEN or name.startswith(JOBS):
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {APP_ROLE}")
            elif name in READ:
                cursor.execute(f"GRANT SELECT ON {name} TO {APP_ROLE}")
