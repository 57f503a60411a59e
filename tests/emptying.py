"""Empties the database after a test that committed.

Django's own `flush` truncates every table and then makes content types and permissions anew: 0.2 s, where most tests
wrote into a handful of tables.
"""

from django.db import connection
from django.test import TransactionTestCase

# Migrations fill these, tests do not write to them.
KEPT = ("django_migrations", "django_content_type", "auth_permission")

# The lock waits for whoever still writes, as TRUNCATE does: nothing of this test may arrive in the next one.
# Foreign keys are not looked at, for everything goes.
_DELETE = """
DO $$
DECLARE
  tables text[];
  name text;
BEGIN
  SELECT array_agg(format('%%I', tablename) ORDER BY tablename) INTO tables
    FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN (%s);
  EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN SHARE ROW EXCLUSIVE MODE';
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY tables LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
END $$
"""


def empty(_: TransactionTestCase) -> None:
    """In the place of `TransactionTestCase._fixture_teardown`."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE % ", ".join(f"'{name}'" for name in KEPT))
