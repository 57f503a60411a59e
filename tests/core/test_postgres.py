"""A kept connection is known to live, or to have died, without asking the server each time."""

import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db(transaction=True)


def backend_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_an_idle_connection_is_usable() -> None:
    backend_id()

    assert connection.is_usable()


def test_a_connection_that_the_server_ended_is_not() -> None:
    lost = backend_id()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])
    other.close()

    assert not connection.is_usable()
    connection.close()
    assert backend_id() != lost


def test_a_notice_that_waits_is_no_death() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("NOTIFY news")
    other.close()

    assert connection.is_usable()


def test_a_closed_connection_is_not() -> None:
    backend_id()
    connection.connection.close()

    assert not connection.is_usable()
    connection.close()
