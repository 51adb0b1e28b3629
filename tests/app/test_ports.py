"""A port that is held can be had by the server that it is held for, and by nobody else."""

import socket

import pytest

from app.ports import HeldPort


def test_nobody_answers_at_it_until_a_server_that_may_reuse_it_does() -> None:
    held = HeldPort()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", held.port))
    with socket.create_server(("127.0.0.1", held.port)), socket.create_connection(("127.0.0.1", held.port)):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", held.port))
    held.release()


def test_who_asks_for_any_port_gets_another() -> None:
    held = {(one := HeldPort()).port: one for _ in range(200)}
    others = [socket.create_server(("127.0.0.1", 0)) for _ in range(200)]
    try:
        assert len(held) == 200
        assert not held.keys() & {server.getsockname()[1] for server in others}
    finally:
        for one in held.values():
            one.release()
        for server in others:
            server.close()


def test_one_that_is_taken_is_no_held_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(OSError, match="in use"):
        HeldPort(server.getsockname()[1])
