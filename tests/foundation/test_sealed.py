"""Sealed fields open only in their own row; numbers are found by blind index."""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from cheyi.foundation import keyring, proofs
from cheyi.foundation.masks import MASKS
from cheyi.foundation.rotation import reseal
from cheyi.foundation.sealed import (
    CannotOpen,
    KeyTrouble,
    Place,
    Sealed,
    SealedField,
    blind_index,
    make_keys,
    plain_number,
    seal,
    tail_index,
    unseal,
)

NUMBER = "19900001234"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    make_keys(settings.KEYS_DIR)
    return settings.KEYS_DIR


@pytest.fixture
def place() -> Place:
    return Place("customers_customer", "mobile", str(uuid4()))


def test_a_sealed_text_opens_in_its_place_and_hides_itself(place):
    column = seal(NUMBER, place)
    assert unseal(column, place) == NUMBER
    assert NUMBER.encode() not in column
    assert len(column) == 2 + 12 + len(NUMBER) + 16
    assert seal(NUMBER, place) != column


def test_the_empty_text_stays_empty(place):
    assert seal("", place) == b""
    assert unseal(b"", place) == ""


def test_a_value_pasted_into_another_row_table_or_field_does_not_open(place):
    column = seal(NUMBER, place)
    for other in (
        Place(place.table, place.field, str(uuid4())),
        Place("staff", place.field, place.uid),
        Place(place.table, "wechat", place.uid),
    ):
        with pytest.raises(CannotOpen):
            unseal(column, other)


@pytest.mark.parametrize("at", [0, 2, 14, -1])
def test_a_changed_byte_does_not_open(place, at):
    column = bytearray(seal(NUMBER, place))
    column[at] ^= 1
    with pytest.raises(CannotOpen):
        unseal(bytes(column), place)


def test_half_a_value_does_not_open(place):
    column = seal(NUMBER, place)
    for length in (1, 2, 13, 20, len(column) - 1):
        with pytest.raises(CannotOpen):
            unseal(column[:length], place)


def test_a_new_master_seals_and_the_old_one_still_opens(keys, place):
    old = seal(NUMBER, place)
    assert keyring.add_master(keys) == 2
    new = seal(NUMBER, place)
    assert (old[:2], new[:2]) == (b"\0\1", b"\0\2")
    assert unseal(old, place) == unseal(new, place) == NUMBER


def test_a_running_process_learns_of_a_new_master_when_it_meets_it(keys, place):
    stale = keyring.ring()
    keyring.add_master(keys)
    new = seal(NUMBER, place)
    keyring._ring_in.cache_clear()
    assert stale.newest == 1
    assert unseal(new, place) == NUMBER


def test_keys_are_private_files_and_never_replaced(keys):
    assert keys.stat().st_mode & 0o777 == 0o700
    before = {file.name: file.read_bytes() for file in keys.iterdir()}
    assert sorted(before) == ["index.key", "master.key"]
    assert {file.stat().st_mode & 0o777 for file in keys.iterdir()} == {0o600}
    with pytest.raises(KeyTrouble, match="never replaced"):
        make_keys(keys)
    assert {file.name: file.read_bytes() for file in keys.iterdir()} == before


@pytest.mark.parametrize("name", ["master.key", "index.key", "."])
@pytest.mark.parametrize("bits", [0o040, 0o004, 0o020])
def test_keys_that_others_may_touch_are_refused(keys, name, bits):
    wide = keys / name
    wide.chmod(wide.stat().st_mode | bits)
    with pytest.raises(KeyTrouble, match="chmod"):
        keyring.read_keys(keys)


def test_missing_and_damaged_keys_are_refused(keys):
    content = (keys / "master.key").read_text()
    for damage in ("", "1 ", content[:-8], "x" + content, "1 QUJD\n"):
        (keys / "master.key").write_text(damage)
        with pytest.raises(KeyTrouble, match="damaged"):
            keyring.read_keys(keys)
    (keys / "index.key").unlink()
    (keys / "master.key").write_text(content)
    with pytest.raises(KeyTrouble, match="missing"):
        keyring.read_keys(keys)


@pytest.mark.parametrize(
    "written",
    [
        "19900001234",
        "+86 199-0000-1234",
        "0086 19900001234",
        "8619900001234",
        "１９９００００１２３４",
        "199 0000 1234\u3000",
        "+86(199)00001234",
        "＋８６ 19900001234",
    ],
)
def test_one_number_has_one_index_however_it_is_written(written):
    assert plain_number(written) == NUMBER
    assert blind_index(written) == blind_index(NUMBER)
    assert tail_index(written) == tail_index("1234")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("021-5888 0000", "02158880000"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("8612345", "8612345"),
        ("Wang.Wei@Example.com ", "wang.wei@example.com"),
        ("11010519491231002x", "11010519491231002x"),
        ("11010519491231002X", "11010519491231002x"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_other_texts_are_normalised_gently(written, plain):
    assert plain_number(written) == plain


def test_indexes_tell_nothing_and_differ_by_purpose_and_key(keys):
    assert len(blind_index(NUMBER)) == 32
    assert blind_index("1234") != tail_index("1234")
    assert blind_index("") == tail_index("") == tail_index("123") == ""
    before = blind_index(NUMBER)
    for file in keys.iterdir():
        file.unlink()
    make_keys(keys)
    keyring.forget()
    assert blind_index(NUMBER) != before


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        ("mobile", "19900005678", "199****5678"),
        ("mobile", "+8619900005678", "+86****5678"),
        ("mobile", "10086", "****86"),
        ("id_no", "11010519491231002X", "110105********002X"),
        ("id_no", "12345", "****45"),
        ("tail", "6222020200112233445", "****3445"),
        ("name", "王建国", "王**"),
        ("email", "wang@example.com", "w***@example.com"),
        ("email", "wang", "****"),
        ("address", "上海市浦东新区世纪大道100号", "上海市浦东新****"),
        ("plate", "沪A80001", "沪A***01"),
        ("vin", "LSVAA4184N2183294", "LSV**********3294"),
        ("vin", "LSV", "****"),
        ("hidden", "anything", "****"),
    ],
)
def test_masks_show_what_they_may(mask, text, shown):
    assert MASKS[mask](text) == shown
    assert MASKS[mask]("") == ""


def test_a_sealed_value_is_masked_wherever_it_is_printed(place):
    sealed = Sealed(seal(NUMBER, place), place, "mobile")
    assert (str(sealed), f"{sealed}", sealed.masked) == ("199****1234",) * 3
    assert NUMBER not in repr(sealed)
    assert sealed.clear() == NUMBER
    assert sealed
    assert not Sealed(b"", place, "mobile")
    with pytest.raises(TypeError, match="does not leave"):
        pickle.dumps(sealed)
    with pytest.raises(TypeError, match="unhashable"):
        hash(sealed)


with isolate_apps("cheyi.foundation") as registry:

    class Person(models.Model):
        uid = models.UUIDField(default=uuid4, unique=True)
        mobile = SealedField()
        mobile_index = models.CharField(max_length=32, blank=True)
        mobile_tail_index = models.CharField(max_length=32, blank=True)
        wechat = SealedField(mask="tail")

        class Meta:
            app_label = "foundation"
            db_table = "test_sealed_person"

        def __str__(self):
            return str(self.mobile)


@pytest.fixture
def table(transactional_db):
    owner = connection.as_owner() if hasattr(connection, "as_owner") else nullcontext()
    with owner:
        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


@pytest.mark.usefixtures("table")
class TestInATable:
    def test_a_row_keeps_its_number_sealed(self):
        Person.objects.create(mobile=NUMBER)
        person = Person.objects.get()
        assert isinstance(person.mobile, Sealed)
        assert person.mobile.clear() == NUMBER
        assert person.wechat.clear() == ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT mobile FROM test_sealed_person")
            assert NUMBER.encode() not in bytes(cursor.fetchone()[0])

    def test_saving_again_does_not_seal_again(self):
        person = Person.objects.create(mobile=NUMBER)
        column = person.mobile.column
        person = Person.objects.get()
        person.wechat = "wang-80001"
        person.save()
        person.refresh_from_db()
        assert person.mobile.column == column
        assert person.wechat.clear() == "wang-80001"

    def test_a_deferred_field_is_fetched_when_asked(self):
        Person.objects.create(mobile=NUMBER)
        assert Person.objects.defer("mobile").get().mobile.masked == "199****1234"

    def test_a_value_given_to_another_row_is_sealed_for_it(self):
        first = Person.objects.create(mobile=NUMBER)
        second = Person.objects.create(mobile=first.mobile)
        assert second.mobile == first.mobile
        assert second.mobile.column != first.mobile.column
        assert Person.objects.get(pk=second.pk).mobile.clear() == NUMBER

    def test_many_rows_at_once_are_sealed_too(self):
        people = Person.objects.bulk_create([Person(mobile=f"1990000000{digit}") for digit in range(3)])
        for person in people:
            person.mobile = f"{person.mobile.clear()[:-4]}8888"
        Person.objects.bulk_update(people, ["mobile"])
        assert [person.mobile.clear() for person in Person.objects.order_by("pk")] == ["19900008888"] * 3

    def test_a_stolen_column_does_not_open_in_another_row(self):
        first, second = Person.objects.create(mobile=NUMBER), Person.objects.create()
        Person.objects.filter(pk=second.pk).update(mobile=first.mobile.column)
        with pytest.raises(CannotOpen):
            Person.objects.get(pk=second.pk).mobile.clear()

    def test_the_database_is_never_asked_for_a_clear_number(self):
        with pytest.raises(TypeError, match="blind index"):
            Person.objects.filter(mobile=NUMBER).exists()
        with pytest.raises(FieldError):
            Person.objects.filter(mobile__contains="1234").exists()
        with pytest.raises(TypeError, match="sealed per row"):
            Person.objects.update(mobile=NUMBER)
        assert not Person.objects.filter(mobile="").exists()

    def test_rows_are_sealed_anew_in_batches_while_both_keys_open(self, keys):
        people = Person.objects.bulk_create([Person(mobile=f"1990000000{digit}", wechat="w") for digit in range(5)])
        keyring.add_master(keys)
        Person.objects.create(mobile=NUMBER)
        newer = Person.objects.get(mobile_index="", wechat=b"")
        column = newer.mobile.column
        first = reseal(Person, limit=2)
        assert [person.mobile.key_id for person in Person.objects.order_by("pk")] == [2, 2, 1, 1, 1, 2]
        assert first == people[1].pk
        assert reseal(Person, after=first) == newer.pk
        assert reseal(Person, after=newer.pk) is None
        again = list(Person.objects.order_by("pk"))
        assert {(person.mobile.key_id, person.wechat.key_id) for person in again[:5]} == {(2, 2)}
        assert [person.mobile.clear()[-1] for person in again[:5]] == list("01234")
        assert again[5].mobile.column == column

    def test_the_check_finds_what_does_not_open_and_wrong_indexes(self, monkeypatch):
        monkeypatch.setattr(proofs, "apps", registry)
        right = {"mobile_index": blind_index(NUMBER), "mobile_tail_index": tail_index(NUMBER)}
        whole = Person.objects.create(mobile=NUMBER, **right)
        Person.objects.create()
        assert list(proofs.sealed_fields_open()) == []
        stolen = Person.objects.create(wechat="wang")
        Person.objects.filter(pk=stolen.pk).update(wechat=whole.mobile.column)
        other = Person.objects.create(mobile="19900008888", **right)
        assert sorted(proofs.sealed_fields_open()) == [
            f"foundation.Person {stolen.pk}: wechat does not open",
            f"foundation.Person {other.pk}: mobile_index is not the index of mobile",
            f"foundation.Person {other.pk}: mobile_tail_index is not the index of mobile",
        ]

    @isolate_apps("cheyi.foundation")
    def test_the_model_needs_a_uid_and_a_known_mask(self):
        class Nameless(models.Model):
            mobile = SealedField(mask="nothing")

            class Meta:
                app_label = "foundation"

            def __str__(self):
                return str(self.mobile)

        found = {message.id for message in Nameless._meta.get_field("mobile").check()}
        assert found == {"foundation.E001", "foundation.E002"}
