"""The commands, called in this process: what they print and how they end."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from cheyi import __version__
from cheyi.foundation.jobs import defer, queue
from cheyi.foundation.models import ApiToken, AuditEntry, IdempotencyKey, Job, User
from cheyi.foundation.sign_in import sign_in
from cheyi.foundation.web.viewers import end_sessions
from cheyi.kernel import Refused
from cheyi.project import accounts, cli, console
from tests.foundation import jobs_on_trial as trial
from tests.foundation.org import NOW, found_town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")
    with translation.override("en"):
        yield


@pytest.fixture
def run(capsys):
    def call(*words):
        capsys.readouterr()
        code = cli.main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_overview_names_every_command_but_the_hidden_one(run):
    code, said, _ = run("--help")
    assert code == 0
    for name in ("check", "doctor", "jobs", "migrate", "token", "unlock", "up", "work"):
        assert f"  {name} " in said
    assert "prepare" not in said


def test_every_command_explains_itself_in_both_languages(capsys, monkeypatch):
    for language in ("en", "zh_CN.UTF-8"):
        monkeypatch.setenv("CHEYI_LANGUAGE", language)
        for name in cli.modules():
            with pytest.raises(SystemExit) as end:
                cli.main([name, "--help"])
            assert end.value.code == 0
            assert f"cheyi {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "language"),
    [("zh_CN.UTF-8", "zh-hans"), ("zh-hans", "zh-hans"), ("en_US", "en"), ("C", "en"), ("", "en"), ("de_DE", "en")],
)
def test_the_language_is_the_terminals(monkeypatch, value, language):
    for name in ("CHEYI_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", value)
    assert console.language() == language


def test_an_unknown_command_is_named(run):
    code, said, complaint = run("frob")
    assert (code, said) == (2, "")
    assert "frob" in complaint


def test_module_names_become_command_names():
    assert cli.modules()["up"] == "cheyi.project.commands.up"
    assert all("_" not in name for name in cli.modules())


def test_check_tells_every_violation_and_ends_with_one(run):
    assert run("check", "I6")[0] == 0
    IdempotencyKey.objects.create(owner="user:1", key="k", endpoint="/x", body_hash="", created_at=NOW)
    code, said, _ = run("check", "I6")
    assert code == 1
    assert "user:1 at /x has no answer" in said
    assert IdempotencyKey.objects.get().status is None


def test_check_refuses_an_unknown_code(run):
    assert run("check", "I99")[0] == 2


def test_migrate_check_says_whether_something_is_to_be_done(run):
    code, said, _ = run("migrate", "--check")
    assert (code, said) == (0, "The schema is up to date.\n")


def test_doctor_finds_an_installation_well_and_names_what_is_not(run):
    code, said, _ = run("doctor")
    assert "✓ Guards in the database" in said
    assert "✓ Files and keys" in said
    Job.objects.create(name="x", state="dead", due_at=NOW, created_at=NOW, finished_at=NOW)
    code, said, _ = run("doctor")
    assert code == 1
    assert "✗ Dead jobs: 1; look: cheyi jobs" in said


def test_doctor_notices_a_clock_behind_the_records(run):
    later = datetime.now(UTC) + timedelta(days=2)
    AuditEntry.objects.create(at=later, actor_name="SYSTEM", code="foundation.trial.done", thing="")
    assert "✗ Clock: behind the last record" in run("doctor")[1]


def test_doctor_notices_a_key_that_others_may_read(run, settings):
    key = settings.KEYS_DIR / "index.key"
    key.chmod(0o644)
    try:
        code, said, _ = run("doctor")
    finally:
        key.chmod(0o600)
    assert code == 1
    assert "✗ Files and keys" in said


def test_jobs_shows_the_dead_and_tries_them_again(run):
    assert run("jobs")[0] == 0
    defer(trial.note, word="x")
    Job.objects.update(state="dead", finished_at=NOW, error="ValueError: wrong", attempt=8)
    code, said, _ = run("jobs")
    assert code == 1
    assert "ValueError: wrong" in said
    assert run("jobs", "--retry")[1] == "1 jobs are tried again.\n"
    assert queue.claim("w", datetime.now(UTC)) is not None


def test_jobs_and_the_overview_are_chinese_in_a_chinese_terminal(run, monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "zh-hans")
    defer(trial.note, word="x")
    assert run("jobs")[1] == "等待 1（到时 1）  执行中 0  失败 0\n"
    Job.objects.update(state="dead", finished_at=NOW, error="ValueError: wrong", attempt=8)
    assert "  试了 8 次  ValueError: wrong\n" in run("jobs")[1]
    assert run("--help")[1].splitlines()[0] == f"cheyi {__version__} · 开放的经销商与维修厂管理系统"


def test_a_token_is_printed_once_and_kept_as_a_hash(run):
    town = found_town()
    name = User.objects.get(pk=town.person("advisor").user_id).name
    code, said, _ = run("token", "--user", name, "--store", "sh01", "--name", "ERP", "--days", "30")
    text = said.splitlines()[-1]
    token = ApiToken.objects.get()
    assert code == 0
    assert token.token_hash == hashlib.sha256(text.encode()).hexdigest()
    assert text.startswith("cheyi_")
    assert timedelta(days=29) < token.expires_at - datetime.now(UTC) <= timedelta(days=30)
    assert AuditEntry.objects.filter(code="foundation.token.made", thing_id=token.pk).count() == 1
    assert "ERP" in run("token", "--list")[1]
    assert run("token", "--revoke", str(token.pk))[0] == 0
    assert run("token", "--list")[1] == ""
    assert run("token", "--revoke", str(token.pk))[0] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--user", "nobody", "--store", "SH01"), "There is no account “nobody”"),
        (("--user", "{name}", "--store", "XX"), "no store with the code “XX”"),
        (("--user", "{name}", "--store", "SH02"), "has no role in store SH02"),
        (
            ("--user", "{name}", "--store", "SH01", "--permission", "no.such.thing"),
            "Unknown permissions: no.such.thing",
        ),
    ],
)
def test_a_token_that_would_open_nothing_is_refused(run, arguments, words):
    town = found_town()
    name = User.objects.get(pk=town.person("advisor").user_id).name
    code, _, complaint = run("token", *(word.format(name=name) for word in arguments))
    assert code == 1
    assert words in complaint
    assert ApiToken.objects.count() == 0


def wrong_tries(name, count):
    for _ in range(count):
        with pytest.raises(Refused):
            sign_in(name=name, password="wrong password", now=NOW)


def test_unlock_lets_a_locked_account_try_again_and_records_it(run):
    town = found_town()
    user = User.objects.get(pk=town.person("advisor").user_id)
    accounts.unlock(user, password="correct horse battery", now=NOW - timedelta(hours=1))
    wrong_tries(user.name, 5)
    with pytest.raises(Refused, match="locked"):
        sign_in(name=user.name, password="correct horse battery", now=NOW)
    accounts.unlock(user, now=NOW)
    assert sign_in(name=user.name, password="correct horse battery", now=NOW) == user
    assert AuditEntry.objects.filter(code="foundation.account.unlocked", thing_id=user.pk).count() == 2
    assert run("unlock", user.name) == (0, f"{user.name} may sign in again.\n", "")


def test_a_new_password_ends_the_sessions_and_a_short_one_is_refused(client):
    town = found_town()
    user = User.objects.get(pk=town.person("advisor").user_id)
    session = client.session
    session["user_id"] = user.pk
    session.save()
    with pytest.raises(Refused, match="short_password"):
        accounts.unlock(user, password="short", now=NOW)
    assert end_sessions(user) == 1
    assert end_sessions(user) == 0


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("1234567890", "Not digits alone: add letters or signs"),
        ("qwertyuiop", "Too common, it is soon guessed. Choose another"),
        ("滨江店早上八点开门见", "Too much like “滨江店”. Choose another"),
        ("foreman at work", "Too much like “foreman”. Choose another"),
    ],
)
def test_a_new_password_that_is_soon_guessed_is_refused_and_changes_nothing(run, monkeypatch, password, said):
    user = User.objects.get(pk=found_town().person("foreman").user_id)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: password)
    assert run("unlock", user.name, "--new-password") == (1, "", f"{said}\n")
    assert User.objects.get(pk=user.pk).password == user.password
    assert not AuditEntry.objects.filter(code="foundation.account.unlocked").exists()


def types(monkeypatch, *given):
    """Answers one question after the other; an exception stands for the keys that end them."""
    left = list(given)

    def answer(_prompt):
        one = left.pop(0)
        if isinstance(one, type):
            raise one
        return one

    monkeypatch.setattr("getpass.getpass", answer)


def test_a_new_password_is_typed_twice_and_must_be_the_same(run, monkeypatch):
    user = User.objects.get(pk=found_town().person("advisor").user_id)
    types(monkeypatch, "kirsche fliegt heim", "kirsche fliegt heim ")
    assert run("unlock", user.name, "--new-password") == (1, "", "The two are not the same. Nothing was changed\n")
    assert User.objects.get(pk=user.pk).password == user.password
    types(monkeypatch, "kirsche fliegt heim", "kirsche fliegt heim")
    assert run("unlock", user.name, "--new-password") == (0, f"{user.name} may sign in again.\n", "")
    assert sign_in(name=user.name, password="kirsche fliegt heim", now=NOW) == user


@pytest.mark.parametrize("given", [(EOFError,), (KeyboardInterrupt,), ("kirsche fliegt heim", KeyboardInterrupt)])
def test_asking_for_a_new_password_can_be_ended_and_says_so(run, monkeypatch, given):
    user = User.objects.get(pk=found_town().person("advisor").user_id)
    types(monkeypatch, *given)
    assert run("unlock", user.name, "--new-password") == (1, "", "\nNothing was changed.\n")
    assert User.objects.get(pk=user.pk).password == user.password
    assert not AuditEntry.objects.filter(code="foundation.account.unlocked").exists()
