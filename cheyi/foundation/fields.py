"""Model fields that keep kernel measures as whole numbers in BIGINT columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.serializer import BaseSerializer
from django.db.migrations.writer import MigrationWriter
from django.db.models import Sum, Value

from cheyi.kernel import Hours, Money, Quantity, Rate, Refused
from cheyi.kernel.numbers import Measure

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    S_contra = TypeVar("S_contra", contravariant=True)
    G_co = TypeVar("G_co", covariant=True)

    # What the type checker reads to know what an attribute gives and takes, optional for null=True.
    class _Money(models.Field[S_contra, G_co]):
        _pyi_private_set_type: Money | Combinable
        _pyi_private_get_type: Money

    class _Quantity(models.Field[S_contra, G_co]):
        _pyi_private_set_type: Quantity | Combinable
        _pyi_private_get_type: Quantity

    class _Hours(models.Field[S_contra, G_co]):
        _pyi_private_set_type: Hours | Combinable
        _pyi_private_get_type: Hours

    class _Rate(models.Field[S_contra, G_co]):
        _pyi_private_set_type: Rate | Combinable
        _pyi_private_get_type: Rate
else:
    S_contra = G_co = object
    _Money = _Quantity = _Hours = _Rate = {(S_contra, G_co): models.BigIntegerField}


class MeasureField:
    """A kernel measure: the column holds its parts, Python sees the value type, sums come back as it."""

    measure: type[Measure] = Measure
    if TYPE_CHECKING:
        name: str
        value_from_object: Any

    def from_db_value(self, value: int | None, expression: object, connection: object) -> Measure | None:
        """Wrap a column's whole number. PostgreSQL sums BIGINT as numeric, hence the int()."""
        return None if value is None else self.measure(int(value))

    def to_python(self, value: Any) -> Measure | None:
        """Accept the measure itself or a whole number of parts. Raises ValidationError otherwise."""
        if value is None or isinstance(value, self.measure):
            return value
        try:
            return self.measure(int(value))
        except (TypeError, ValueError, Refused) as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        """The whole number that is stored. Raises TypeError for a bare number of unknown unit."""
        if value is None or hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        if isinstance(value, self.measure):
            return value.parts
        raise TypeError(f"{self.name} takes {self.measure.__name__}, not {value!r}")

    def value_to_string(self, obj: models.Model) -> str:
        """The parts, for serializers."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value.parts)

    def formfield(self, **kwargs: Any) -> None:  # type: ignore[override,unused-ignore]
        """Forms are written by hand: what a person types is read by the measure itself."""


class MoneyField(MeasureField, _Money[S_contra, G_co]):
    """Whole fen."""

    measure = Money


class QuantityField(MeasureField, _Quantity[S_contra, G_co]):
    """Whole thousandths."""

    measure = Quantity


class HoursField(MeasureField, _Hours[S_contra, G_co]):
    """Whole hundredths of an hour."""

    measure = Hours


class RateField(MeasureField, _Rate[S_contra, G_co]):
    """Whole ten-thousandths."""

    measure = Rate


def total(field: str, of: type[MeasureField], **filters: Any) -> Sum:
    """SUM over a measure column that comes back as the measure (None for no rows)."""
    return Sum(field, output_field=of(), **filters)


class MeasureSerializer(BaseSerializer):
    """A measure as a migration writes it down: ``cheyi.kernel.Money(0)``."""

    def serialize(self) -> tuple[str, set[str]]:
        """The expression and the import it needs."""
        return f"cheyi.kernel.{type(self.value).__name__}({self.value.parts})", {"import cheyi.kernel"}


MigrationWriter.register_serializer(Measure, MeasureSerializer)


_FIELDS: dict[type[Measure], type[MeasureField]] = {
    Money: MoneyField,
    Quantity: QuantityField,
    Hours: HoursField,
    Rate: RateField,
}


def literal(measure: Measure) -> Value:
    """A measure as it stands inside a database expression, to be added to ``F("used")``."""
    return Value(measure, output_field=_FIELDS[type(measure)]())  # type: ignore[arg-type]
