"""Named by the setting ENGINE: Django looks for DatabaseWrapper here."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether a kept connection lives, before the first query of a request.

        A server that went away has closed the socket, which the kernel knows without a round trip. Whatever else
        there is to read on a connection that should be idle: let Django ask by a query.
        """
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.pgconn.socket, select.POLLIN)
        return True if not idle.poll(0) else bool(super().is_usable())
