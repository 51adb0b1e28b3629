import threading

import pytest

from proteinx.client.errors import ApiError, MasterUnreachable
from proteinx.client.retry import PERSISTENT, Retry
from proteinx.client.transport import Stopped, Transport
from proteinx.contracts.accounts import SignIn, UserView
from tests.ports import free_port
from tests.proteinx.scripted import Answer, Scripted

QUICK = Retry(attempts=4, base=0.001)
BODY = SignIn(name="ana", password="secret")


def transport(scripted: Scripted, **options) -> Transport:
    return Transport(scripted.url, "px_u_1_2", retry=QUICK, **options)


def test_error_body_becomes_code_and_sentence(scripted: Scripted) -> None:
    scripted.answers(Answer.json({"error": "unknown_job", "detail": "There is no job x.", "field": "job"}, 404))
    with pytest.raises(ApiError) as caught:
        transport(scripted).request("GET", "/api/jobs/x")
    assert (caught.value.code, caught.value.status, caught.value.field) == ("unknown_job", 404, "job")
    assert str(caught.value) == "There is no job x."


def test_answer_of_something_else_than_a_master_is_told(scripted: Scripted) -> None:
    scripted.answers(Answer(404, b"<html>nginx</html>", {"Content-Type": "text/html"}))
    with pytest.raises(ApiError, match="is this a ProteinX master"):
        transport(scripted).request("GET", "/api/health")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_away_for_a_while_is_tried_again(scripted: Scripted, status: int) -> None:
    scripted.answers(Answer.error(status), Answer.error(status), Answer.json({"ok": 1}))
    assert transport(scripted).request("GET", "/x").json() == {"ok": 1}
    assert len(scripted.seen) == 3


def test_tries_end(scripted: Scripted) -> None:
    scripted.answers(Answer.error(503))
    with pytest.raises(ApiError):
        transport(scripted).request("GET", "/x")
    assert len(scripted.seen) == QUICK.attempts


def test_what_may_have_counted_is_not_repeated(scripted: Scripted) -> None:
    scripted.answers(Answer.error(503), Answer.json({}))
    with pytest.raises(ApiError):
        transport(scripted).request("POST", "/api/tokens", json=BODY)
    assert len(scripted.seen) == 1


def test_repeatable_post_is_repeated_with_the_same_body(scripted: Scripted) -> None:
    scripted.answers(Answer.error(503), Answer.json({}))
    transport(scripted).request("POST", "/api/jobs", json=BODY, again=True)
    assert scripted.seen[0].body == scripted.seen[1].body == BODY.model_dump_json().encode()


def test_refusals_are_final(scripted: Scripted) -> None:
    for status in (400, 401, 403, 404, 409, 410, 413, 422, 426, 500, 507):
        scripted.seen.clear()
        scripted.answers(Answer.error(status))
        with pytest.raises(ApiError):
            transport(scripted).request("GET", "/x")
        assert len(scripted.seen) == 1, status


def test_nobody_there_names_the_address() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(MasterUnreachable, match=url):
        Transport(url, retry=Retry(attempts=2, base=0.001)).request("GET", "/x")


def test_post_that_never_left_is_tried_again(scripted: Scripted) -> None:
    """A refused connection can't have had an effect, so that even what must not count twice is repeated."""
    tries = []

    class Counting(Retry):
        def delays(self):
            for delay in super().delays():
                tries.append(delay)
                yield delay

    with pytest.raises(MasterUnreachable) as caught:
        Transport(f"http://127.0.0.1:{free_port()}", retry=Counting(3, 0.001)).request("POST", "/x")
    assert not caught.value.sent
    assert len(tries) == 2


def test_stop_ends_waiting() -> None:
    stop = threading.Event()
    persistent = Transport(f"http://127.0.0.1:{free_port()}", retry=PERSISTENT, stop=stop)
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(Stopped):
        persistent.request("GET", "/x")


def test_retry_after_is_waited_out(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted.answers(Answer.error(503, Retry_After="7"), Answer.json({}))
    waited = []
    client = transport(scripted)
    monkeypatch.setattr(client._stop, "wait", lambda seconds: waited.append(seconds) or False)
    client.request("GET", "/x")
    assert waited == [7.0]


def test_token_goes_along_and_not_into_the_address(scripted: Scripted) -> None:
    transport(scripted).request("GET", "/x", query={"a": 1, "b": None})
    assert scripted.seen[0].headers["authorization"] == "Bearer px_u_1_2"
    assert scripted.seen[0].path == "/x?a=1"


def test_session_without_token_names_its_origin(scripted: Scripted) -> None:
    Transport(scripted.url).request("POST", "/api/session", json=BODY)
    assert scripted.seen[0].headers["origin"] == scripted.url
    assert "authorization" not in scripted.seen[0].headers


def test_loopback_ignores_a_proxy_of_the_environment(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    transport(scripted).request("GET", "/x")
    assert len(scripted.seen) == 1


def test_reply_is_checked_against_its_contract(scripted: Scripted) -> None:
    scripted.answers(Answer.json({"id": "1"}))
    with pytest.raises(ValueError, match="name"):
        transport(scripted).get("/api/session", UserView)


def test_delays_grow_to_a_cap_with_jitter() -> None:
    delays = list(Retry(attempts=9, base=1.0, cap=8.0).delays())
    assert len(delays) == 8
    for delay, ceiling in zip(delays, [1, 2, 4, 8, 8, 8, 8, 8], strict=True):
        assert ceiling / 2 <= delay <= ceiling
