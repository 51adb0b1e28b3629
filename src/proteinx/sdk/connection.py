"""The one connection of a notebook: the master that `px login` or `proteinx.login` stored, or the environment names."""

import getpass
import socket
from functools import lru_cache

from proteinx.client import Client, credentials
from proteinx.contracts.accounts import UserView


def master() -> Client:
    """Raises NotSignedIn."""
    known = credentials.load()
    return _client(known.url, known.token)


def login(url: str, name: str | None = None, password: str | None = None, *, days: int = 90) -> UserView:
    """Signs in and keeps a token for this person on this machine, as `px login` does; asks for what is not given.

    The password itself is not kept. Raises ApiError.
    """
    address = url if "://" in url else f"http://{url}"
    name = name or input("Name: ")
    password = password or getpass.getpass("Password: ")
    with Client(address) as client:
        person = client.accounts.sign_in(name, password)
        created = client.accounts.create_token(f"notebook on {socket.gethostname()}", days)
        client.accounts.sign_out()
    credentials.save(credentials.Credentials(url=address, token=created.token, token_id=created.id, name=name))
    return person


@lru_cache(maxsize=4)
def _client(url: str, token: str) -> Client:
    return Client(url, token)
