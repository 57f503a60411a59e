"""Queries that are built and compiled once: for the few look-ups that every request of a storm makes.

Building the look-up of a stream and compiling it to SQL takes Django longer than running it. What differs from one
call to the next is a Slot; everything else, what a row becomes too, is the queryset's own.
"""

from collections.abc import Callable
from threading import local
from typing import Any

from django.db import connections, models
from django.db.models.expressions import Value
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

type _Params = list[object]


class Slot(Value):
    """Stands in a prepared queryset for a value that each call brings."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]") -> None:
        super().__init__(name, output_field=output_field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, _Params]:  # type: ignore[override]  # noqa: ARG002
        return "%s", [self]


class Prepared[M: models.Model]:
    """`build` gives the queryset, with a Slot for each value that first() will be given by name."""

    def __init__(self, build: Callable[[], models.QuerySet[M]]) -> None:
        self._build = build
        self._mine = local()  # a compiled query belongs to a connection, and a connection to a thread

    def first(self, **values: object) -> M | None:
        """The first row, or None. One query, whatever the queryset selects along."""
        compiled = self._compiled()
        with compiled.connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.params(values))
            row = cursor.fetchone()
        return None if row is None else compiled.instance(row)

    def _compiled(self) -> "_Compiled[M]":
        found: _Compiled[M] | None = getattr(self._mine, "compiled", None)
        if found is None or found.connection is not connections[found.connection.alias]:
            found = self._mine.compiled = _Compiled(self._build())
        return found


class _Compiled[M: models.Model]:
    def __init__(self, rows: models.QuerySet[M]) -> None:
        self._model = rows.model
        self._compiler = compiler = rows.query.get_compiler(using=rows.db)
        self.connection: Any = compiler.connection
        self.sql, self._params = compiler.as_sql()
        info, select = compiler.klass_info, compiler.select
        columns = info["select_fields"]
        self._columns = slice(columns[0], columns[-1] + 1)
        self._names = [select[index][0].target.attname for index in columns]
        self._converters = compiler.get_converters([expression for expression, *_ in select])
        self._related = get_related_populators(info, select, rows.db, models.FETCH_ONE)
        self._annotations = list(compiler.annotation_col_map.items())

    def params(self, values: dict[str, object]) -> _Params:
        return [values[param.value] if isinstance(param, Slot) else param for param in self._params]

    def instance(self, row: Any) -> M:
        """As the queryset's own iteration makes it."""
        if self._converters:
            (row,) = self._compiler.apply_converters([row], self._converters)
        made: M = self._model.from_db(self.connection.alias, self._names, row[self._columns])
        for related in self._related:
            related.populate(row, made)
        for name, index in self._annotations:
            setattr(made, name, row[index])
        return made
