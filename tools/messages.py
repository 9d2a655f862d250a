"""Translation catalogues: ``extract`` texts from our source, ``compile`` what is translated, list what is ``missing``.

Each package keeps its Chinese in ``cheyi/<package>/locale/zh_Hans/LC_MESSAGES/django.po``; English stands in the source.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CHEYI = ROOT / "cheyi"
LOCALE = "zh_Hans"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "words": None,
    "later": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# As ui/environment.py sets Jinja up, so that a text is found under the name by which it is looked up.
JINJA = {
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "extensions": "jinja2.ext.do",
}


def packages() -> list[Path]:
    return sorted(each.parent for each in CHEYI.glob("*/__init__.py"))


def catalogue_of(package: Path) -> Path:
    return package / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale=LOCALE)
    with file.open("rb") as lines:
        return read_po(lines, locale=LOCALE)


def found_in(package: Path) -> Catalog:
    """All texts of a package's modules and templates."""
    texts = Catalog()
    for file in sorted(
        [*package.rglob("*.py"), *package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]
    ):
        if "migrations" in file.parts:
            continue
        method, options = ("python", {}) if file.suffix == ".py" else ("jinja2.ext:babel_extract", JINJA)
        for _, message, comments, context in extract_from_file(method, file, KEYWORDS, ("i18n:",), options):
            texts.add(message, locations=[(str(file.relative_to(ROOT)), 0)], auto_comments=comments, context=context)
    return texts


def fresh(package: Path) -> Catalog:
    """The package's catalogue with the texts of today: translations kept, gone texts dropped, nothing guessed."""
    old = read(catalogue_of(package))
    new = Catalog(locale=LOCALE, project="Cheyi", charset="utf-8", fuzzy=False)
    for message in found_in(package):
        if not message.id:
            continue
        kept = old.get(first(message), context=message.context)
        translated = kept.string if kept is not None and kept.id == message.id and not kept.fuzzy else ""
        files = sorted({file for file, _ in message.locations})
        new.add(
            message.id,
            translated or ("" if isinstance(message.id, str) else ("",)),
            locations=[(file, None) for file in files],
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def without_dates(catalogue: Catalog) -> bytes:
    """The file's text with a head that says nothing that changes by itself."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, omit_header=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head.encode() + buffer.getvalue().lstrip(b"\n")


def extract(names: list[str]) -> int:
    for package in packages():
        if names and package.name not in names:
            continue
        catalogue = fresh(package)
        if len(catalogue) == 0:
            continue
        file = catalogue_of(package)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = without_dates(catalogue)
        if not file.exists() or file.read_bytes() != text:
            file.write_bytes(text)
        print(f"{package.name}: {len(catalogue)} texts, {len(untranslated(catalogue))} without Chinese")
    return 0


def compile_all(names: list[str]) -> int:
    for package in packages():
        file = catalogue_of(package)
        if not file.exists() or (names and package.name not in names):
            continue
        target = file.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= file.stat().st_mtime:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(file))
        target.write_bytes(buffer.getvalue())
    return 0


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and (message.fuzzy or not all(strings(message)))]


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def doubled(catalogues: dict[str, Catalog]) -> list[str]:
    """Texts that two packages translate differently: all packages share one catalogue when the program runs."""
    known: dict[tuple[object, str | None], tuple[str, object]] = {}
    lines = []
    for package, catalogue in catalogues.items():
        for message in catalogue:
            if message.id and all(strings(message)):
                owner, words = known.setdefault((message.id, message.context), (package, message.string))
                if words != message.string:
                    lines.append(f"{package}: {first(message)!r} is {message.string!r}, but {words!r} in {owner}")
    return lines


def missing(names: list[str]) -> int:
    """Print what has no Chinese, placeholders that differ, texts in two versions; the exit code is 1 for something."""
    catalogues = {package.name: fresh(package) for package in packages()}
    lines = doubled(catalogues)
    for package, catalogue in catalogues.items():
        if names and package not in names:
            continue
        lines += [f"{package}: {first(message)!r}" for message in untranslated(catalogue)]
        lines += [
            f"{package}: {first(message)!r}: {error}"
            for message in catalogue
            if message.id and all(strings(message))
            for error in message.check(catalogue)
        ]
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=["extract", "compile", "missing"])
    parser.add_argument("packages", nargs="*", help="only these packages, e.g. workshop parts")
    options = parser.parse_args()
    verbs = {"extract": extract, "compile": compile_all, "missing": missing}
    return verbs[options.verb](options.packages)


if __name__ == "__main__":
    sys.exit(main())
