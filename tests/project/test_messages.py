"""The small tool that keeps translations: what is new is empty, what is translated stays, what is gone goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import messages


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with a module and a template, in a tree of its own."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CHEYI", tmp_path / "cheyi")
    home = tmp_path / "cheyi" / "trial"
    (home / "templates" / "trial").mkdir(parents=True)
    (home / "__init__.py").write_text("")
    (home / "code.py").write_text('A = _("Order")\nB = ngettext("%(num)d job", "%(num)d jobs", n)\n')
    (home / "templates" / "trial" / "page.html").write_text('{{ _("Open order") }}{{ pgettext("status", "Open") }}')
    return home


def catalogue(package):
    return messages.read(messages.catalogue_of(package))


def test_texts_are_found_in_modules_and_templates(package, capsys):
    messages.extract([])
    assert capsys.readouterr().out == "trial: 4 texts, 4 without Chinese\n"
    found = {(message.context, messages.first(message)) for message in catalogue(package) if message.id}
    assert found == {(None, "Order"), (None, "%(num)d job"), (None, "Open order"), ("status", "Open")}


def test_a_translation_stays_and_a_gone_text_goes(package, capsys):
    messages.extract([])
    file = messages.catalogue_of(package)
    file.write_text(file.read_text().replace('msgid "Order"\nmsgstr ""', 'msgid "Order"\nmsgstr "工单"'))
    (package / "templates" / "trial" / "page.html").write_text("nothing")
    messages.extract([])
    assert {messages.first(m): m.string for m in catalogue(package) if m.id} == {"Order": "工单", "%(num)d job": ("",)}
    before = file.read_bytes()
    messages.extract([])
    assert file.read_bytes() == before


def test_what_is_missing_is_listed_and_ends_with_one(package, capsys):
    assert messages.missing([]) == 1
    assert "trial: 'Order'" in capsys.readouterr().out


def test_a_placeholder_that_the_chinese_lost_is_listed(package, capsys):
    (package / "code.py").write_text('A = _("%(count)s lines")\n')
    (package / "templates" / "trial" / "page.html").write_text("")
    messages.extract([])
    file = messages.catalogue_of(package)
    file.write_text(file.read_text().replace('lines"\nmsgstr ""', 'lines"\nmsgstr "%(number)s 行"'))
    assert messages.missing([]) == 1
    assert "count" in capsys.readouterr().out
    file.write_text(file.read_text().replace("%(number)s", "%(count)s"))
    assert messages.missing([]) == 0


def test_two_packages_may_not_translate_one_text_differently(package, capsys):
    twin = package.parent / "twin"
    twin.mkdir()
    (twin / "__init__.py").write_text("")
    (twin / "code.py").write_text('A = _("Order")\n')
    messages.extract([])
    for home, words in ((package, "工单"), (twin, "订单")):
        file = messages.catalogue_of(home)
        file.write_text(file.read_text().replace('msgid "Order"\nmsgstr ""', f'msgid "Order"\nmsgstr "{words}"'))
    messages.missing([])
    assert "'订单'" in capsys.readouterr().out


def test_compiling_makes_what_the_program_reads(package):
    import gettext

    messages.extract([])
    file = messages.catalogue_of(package)
    file.write_text(file.read_text().replace('msgid "Order"\nmsgstr ""', 'msgid "Order"\nmsgstr "工单"'))
    messages.compile_all([])
    with file.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Order") == "工单"
