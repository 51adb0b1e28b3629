import threading

from app.turns import Turns
from tests.waiting import until

PATIENT = 60.0


def queued(turns: Turns, behind: int, got: list[int], number: int) -> threading.Thread:
    """A thread that asks when `behind` others are waiting already."""

    def take() -> None:
        assert turns.take(PATIENT)
        got.append(number)
        turns.hand_on()

    thread = threading.Thread(target=take)
    thread.start()
    until(lambda: len(turns._waiting) == behind + 1, 60, "it waits")
    return thread


def test_waiters_get_it_in_the_order_in_which_they_asked() -> None:
    turns, got = Turns(), list[int]()
    assert turns.take(0)
    threads = [queued(turns, number, got, number) for number in range(10)]
    turns.hand_on()
    for thread in threads:
        thread.join(PATIENT)
    assert got == list(range(10))
    assert turns.take(0), "the last one left it free"


def test_whoever_gives_up_leaves_the_queue() -> None:
    turns, got = Turns(), list[int]()
    assert turns.take(0)
    assert not turns.take(0.01)
    waiter = queued(turns, 0, got, 1)
    assert not turns.take(0.01)
    turns.hand_on()
    waiter.join(PATIENT)
    assert got == [1]
    assert turns.take(0)
