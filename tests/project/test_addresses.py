"""The server listens for this machine alone, unless the connection is encrypted or the risk is asked for."""

import socket

import pytest

from cheyi.project.addresses import Address, NotAllowed, demand_allowed, demand_free


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("CHEYI_LANGUAGE", "en")
    monkeypatch.delenv("CHEYI_DEBUG", raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_may_always_listen_to_itself(tmp_path, host):
    demand_allowed(Address(host, 8000), tmp_path)
    assert Address(host, 8000).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "shop.example"])
def test_others_need_encryption_or_the_explicit_risk(tmp_path, host):
    with pytest.raises(NotAllowed, match="read along"):
        demand_allowed(Address(host, 8000), tmp_path)
    demand_allowed(Address(host, 8000, insecure=True), tmp_path)
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    with pytest.raises(NotAllowed, match=r"c\.pem"):
        demand_allowed(Address(host, 8000, certificate, key), tmp_path)
    certificate.touch()
    key.touch()
    demand_allowed(Address(host, 8000, certificate, key), tmp_path)
    with pytest.raises(NotAllowed, match="needs its key"):
        demand_allowed(Address(host, 8000, certificate), tmp_path)


def test_a_demo_stays_on_this_machine_even_when_encrypted(tmp_path):
    (tmp_path / "demo").touch()
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    certificate.touch()
    key.touch()
    for address in (Address("0.0.0.0", 1, insecure=True), Address("0.0.0.0", 1, certificate, key)):
        with pytest.raises(NotAllowed, match="demo"):
            demand_allowed(address, tmp_path)
    demand_allowed(Address("127.0.0.1", 1), tmp_path)


def test_debugging_stays_on_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("CHEYI_DEBUG", "1")
    with pytest.raises(NotAllowed, match="CHEYI_DEBUG"):
        demand_allowed(Address("192.168.1.5", 1, insecure=True), tmp_path)


def test_a_taken_port_is_named_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NotAllowed, match=str(port)):
            demand_free(Address("127.0.0.1", port))
    demand_free(Address("127.0.0.1", port))


def test_links_and_host_names():
    assert Address("0.0.0.0", 8000).link == "http://127.0.0.1:8000"
    assert Address("::1", 8443, key=None).link == "http://[::1]:8443"
    assert Address("127.0.0.1", 8000).host_names == ["127.0.0.1", "localhost", "[::1]"]
    assert "192.168.1.5" in Address("192.168.1.5", 8000).host_names
