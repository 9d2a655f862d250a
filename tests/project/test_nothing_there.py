"""A command before the first start, or while the database is away, says how to go on."""

from __future__ import annotations

import subprocess

import pytest

from tests.project.running import CHEYI, PATIENCE, environment


def ask(directory, *words, **more):
    asked = subprocess.run(
        [*CHEYI, *words],
        env=environment(directory, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return asked.returncode, asked.stdout + asked.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("jobs",),
        ("unlock", "nobody"),
        ("token", "--list"),
        ("work",),
        ("migrate", "--check"),
        ("import", "parts", "parts.csv"),
    ],
    ids=" ".join,
)
def test_a_command_before_the_first_start_names_the_word_that_starts(tmp_path, words):
    code, said = ask(tmp_path / "data", *words, DATABASE_URL="")
    assert (code, said) == (1, f"There is no data here yet ({tmp_path / 'data'}). Start with: cheyi up\n")
    assert not (tmp_path / "data").exists()


def test_a_server_that_is_away_is_named_without_its_password(tmp_path):
    code, said = ask(tmp_path / "data", "check", DATABASE_URL="postgres://cheyi:geheim@127.0.0.1:1/cheyi")
    assert code == 1
    assert said.startswith("The database does not answer: ")
    assert "Traceback" not in said
    assert "geheim" not in said


def test_migrate_makes_the_directory_and_its_keys_as_the_first_start_does(tmp_path):
    code, _said = ask(tmp_path / "data", "migrate", DATABASE_URL="")
    assert code == 0
    assert (tmp_path / "data" / "keys").is_dir()
    assert ask(tmp_path / "data", "jobs", DATABASE_URL="")[0] == 0


def test_a_template_needs_no_data(tmp_path):
    file = tmp_path / "parts.xlsx"
    code, said = ask(tmp_path / "data", "import", "--template", "parts", str(file), DATABASE_URL="")
    assert (code, said) == (0, f"Written: {file}\nFill it in, then try it: cheyi import parts {file}\n")
    assert file.exists()
