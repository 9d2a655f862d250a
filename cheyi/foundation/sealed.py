"""Personal fields that a stolen database does not give away: sealed columns and blind indexes (reliability.md 7)."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import InvalidTag
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from cheyi.foundation import keyring
from cheyi.foundation.keyring import KeyTrouble, make_keys
from cheyi.foundation.masks import MASKS

if TYPE_CHECKING:
    S_contra = TypeVar("S_contra", contravariant=True)
    G_co = TypeVar("G_co", covariant=True)

    # What the type checker reads to know what an attribute gives and takes.
    class _Bytes(models.Field[S_contra, G_co]):
        _pyi_private_set_type: str | Sealed | bytes
        _pyi_private_get_type: Sealed
else:
    S_contra = G_co = object
    _Bytes = {(S_contra, G_co): models.BinaryField}

__all__ = [
    "CannotOpen",
    "KeyTrouble",
    "Place",
    "Sealed",
    "SealedField",
    "blind_index",
    "make_keys",
    "plain_number",
    "seal",
    "tail_index",
    "unseal",
]

NONCE = 12
KEY_ID = 2
TAIL = 4
MOBILE = 11


class CannotOpen(ValueError):
    """A sealed value does not belong to this row, was changed, or its key is gone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives; moved anywhere else it does not open."""

    table: str
    field: str
    uid: str

    @property
    def purpose(self) -> str:
        """What its key is derived for."""
        return f"{self.table}.{self.field}"

    @property
    def associated(self) -> bytes:
        """The bytes that are bound to the value."""
        return f"{self.table}|{self.field}|{self.uid}".encode()


def seal(text: str, place: Place) -> bytes:
    """AES-256-GCM: key id, nonce, ciphertext. The empty text stays empty."""
    if not text:
        return b""
    keys = keyring.ring()
    nonce = secrets.token_bytes(NONCE)
    cipher = keys.cipher(keys.newest, place.purpose)
    return keys.newest.to_bytes(KEY_ID, "big") + nonce + cipher.encrypt(nonce, text.encode(), place.associated)


def unseal(sealed: bytes, place: Place) -> str:
    """The text. Raises CannotOpen."""
    if not sealed:
        return ""
    key_id = int.from_bytes(sealed[:KEY_ID], "big")
    if key_id not in keyring.ring().masters:
        keyring.forget()
    try:
        cipher = keyring.ring().cipher(key_id, place.purpose)
        return cipher.decrypt(sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :], place.associated).decode()
    except (KeyError, InvalidTag, ValueError) as error:
        raise CannotOpen(f"{place.purpose} of {place.uid} does not open") from error


def plain_number(text: str) -> str:
    """One spelling for equal numbers: full width, blanks, dashes, +86 and 0086 are taken away.

    What contains letters or ``@`` (an e-mail, an ID number with X) only loses blanks and capitals.
    """
    if len(text) == MOBILE and text[0] == "1" and text.isascii() and text.isdecimal():
        return text  # what is asked most: a hundred numbers at a time, plain already
    folded = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    if any(sign.isalpha() or sign == "@" for sign in folded):
        return folded
    digits = "".join(sign for sign in folded if sign.isdecimal())
    if digits.startswith("0086"):
        return digits[4:]
    if folded.startswith("+"):
        return digits[2:] if digits.startswith("86") else f"+{digits}"
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits


def blind_index(text: str) -> str:
    """By which a whole number is found without being readable; the empty text has none."""
    number = plain_number(text)
    return keyring.ring().blind("whole", number) if number else ""


def tail_index(text: str) -> str:
    """The same for the last four digits; a number shorter than that has none."""
    number = plain_number(text)
    return keyring.ring().blind("tail", number[-TAIL:]) if len(number) >= TAIL else ""


class Sealed:
    """What a sealed column gives: masked wherever it is printed, clear only when asked."""

    __slots__ = ("_content", "_mask", "place")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, content: bytes | str, place: Place, mask: str) -> None:
        """``content`` is the column's bytes, or a text that has not been saved yet."""
        self._content = content
        self._mask = mask
        self.place = place

    def clear(self) -> str:
        """The text itself; whoever calls this audits it (reliability.md 7.6). Raises CannotOpen."""
        return self._content if isinstance(self._content, str) else unseal(self._content, self.place)

    @property
    def masked(self) -> str:
        """The text as it may be shown to anybody who may see the row."""
        return MASKS[self._mask](self.clear())

    @property
    def column(self) -> bytes:
        """What stands in the database."""
        return seal(self._content, self.place) if isinstance(self._content, str) else self._content

    @property
    def key_id(self) -> int:
        """The id of the key that sealed it; 0 when it is empty or not sealed yet."""
        return 0 if isinstance(self._content, str) else int.from_bytes(self._content[:KEY_ID], "big")

    def __bool__(self) -> bool:
        return bool(self._content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.clear() == other.clear()

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Sealed {self.place.purpose}>"

    def __reduce__(self) -> str:
        raise TypeError("a sealed value does not leave the process")


class SealedAttribute(DeferredAttribute):
    """Gives a Sealed, takes a text or a Sealed; what came from the database stays as it is."""

    field: Any

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            super().__get__(instance, cls)
        content = instance.__dict__[self.field.attname]
        return Sealed(content, self.field.place(instance), self.field.mask)

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, Sealed):
            table = self.field.model._meta.db_table  # noqa: SLF001
            here = Place(table, self.field.name, str(instance.__dict__.get("uid")))
            value = value._content if value.place == here else value.clear()  # noqa: SLF001
        instance.__dict__[self.field.attname] = value if isinstance(value, str) else bytes(value or b"")


class SealedField(_Bytes[S_contra, G_co]):
    """A personal text, sealed for its table, field and row (``uid`` on the model); empty is the empty text."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, mask: str = "mobile", **kwargs: Any) -> None:
        """``mask`` names how it looks to others (masks.py)."""
        self.mask = mask
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """The model needs a ``uid``, and the mask a name that exists."""
        found = super().check(**kwargs)
        if not any(field.name == "uid" for field in self.model._meta.fields):  # noqa: SLF001
            found.append(checks.Error("a model with sealed fields needs a uid", obj=self, id="foundation.E001"))
        if self.mask not in MASKS:
            found.append(checks.Error(f"no mask {self.mask}", obj=self, id="foundation.E002"))
        return found

    def place(self, instance: models.Model) -> Place:
        """Where the value of a row lives."""
        return Place(self.model._meta.db_table, self.name, str(instance.uid))  # type: ignore[attr-defined]  # noqa: SLF001

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:  # noqa: ARG002 - Django's signature
        """Seal a text that was assigned."""
        content = model_instance.__dict__.get(self.attname, b"")
        if isinstance(content, str):
            content = model_instance.__dict__[self.attname] = seal(content, self.place(model_instance))
        return bytes(content)

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:  # noqa: ARG002
        """The column's bytes."""
        return None if value is None else bytes(value)

    def get_prep_value(self, value: Any) -> Any:
        """The column's bytes. Raises TypeError for a text, which belongs to no row."""
        if isinstance(value, Sealed):
            return value.column
        if isinstance(value, str) and value:
            raise TypeError(f"{self.name} is sealed per row: assign it and save, look it up by its blind index")
        return super().get_prep_value(value or b"") if isinstance(value, str) else super().get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether it is empty can be asked of the database."""
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "exact"} else None

    def value_to_string(self, obj: models.Model) -> str:
        """The sealed bytes as base64, for serializers."""
        sealed: Any = self.value_from_object(obj)
        return base64.b64encode(sealed.column).decode("ascii")
