"""The wrong-part guard where a keeper hands something out: what was typed or scanned against what the line wants."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from cheyi.kernel import Refused
from cheyi.parts.engine.numbers import difference, normalise, printed_place
from cheyi.parts.models import Interchange, Part


def part_in_hand(wanted: Part, typed: str, *, confirmed_sibling: bool = False) -> Part:
    """The part that the typed or scanned number names, when it may be handed out for the wanted one.

    That is the wanted part itself, its successor, or a substitute that somebody approved, of the same grade. A number
    that two brands share asks for a second look (``confirmed_sibling``), a scanned barcode does not. Raises Refused
    ``parts.part.number_missing``, ``parts.part.same_number_other_brand``, ``parts.part.look_alike``,
    ``parts.part.other_part``, ``parts.part.other_grade`` or ``parts.part.unknown_number``.
    """
    text = typed.strip()
    number = normalise(text)
    if not number:
        raise Refused("parts.part.number_missing", field="typed_number", wanted=wanted.part_no)
    if wanted.barcode and text == wanted.barcode:
        return wanted
    found = list(Part.objects.filter(Q(number_key=number) | Q(barcode=text)).order_by("pk"))
    named = next((part for part in found if part.pk == wanted.pk), None)
    if named is not None:
        others = [part for part in found if part.pk != wanted.pk and part.number_key == number and part.active]
        if others and not confirmed_sibling:
            raise Refused(
                "parts.part.same_number_other_brand",
                field="typed_number",
                number=wanted.part_no,
                brand=wanted.brand,
                others=", ".join(part.brand for part in others),
            )
        return named
    for part in found:
        if _may_replace(wanted, part):
            return part
    _refuse(wanted, text, number, found)
    raise AssertionError("unreachable")


def _may_replace(wanted: Part, part: Part) -> bool:
    approved = wanted.superseded_by_id == part.pk or Interchange.objects.filter(part=wanted, substitute=part).exists()
    if approved and part.grade != wanted.grade:
        raise Refused(
            "parts.part.other_grade",
            field="typed_number",
            number=part.part_no,
            wanted=wanted.part_no,
        )
    return approved


def _refuse(wanted: Part, text: str, number: str, found: Sequence[Part]) -> None:
    if not found:
        raise Refused("parts.part.unknown_number", field="typed_number", number=text, wanted=wanted.part_no)
    other = found[0]
    how, place = difference(number, wanted.number_key)
    facts = {
        "number": other.part_no,
        "number_name": other.name,
        "number_id": other.pk,
        "other": wanted.part_no,
        "other_name": wanted.name,
        "other_id": wanted.pk,
    }
    if how:
        raise Refused("parts.part.look_alike", field="typed_number", place=printed_place(other.part_no, place), **facts)
    raise Refused("parts.part.other_part", field="typed_number", **facts)
