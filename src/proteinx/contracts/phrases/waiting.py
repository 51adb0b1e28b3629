"""Why a job is not running, as a whole sentence."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "tried_again": "It is tried again in {seconds} s: {reason}.",
    "no_worker": "No worker has joined yet: an admin makes a join token, the worker's agent starts with it.",
    "quota_used": "Its owner's quota is used up (number {position} of {waiting} in the queue): "
    "it starts when other jobs of theirs end.",
    "next_to_be_placed": "It is next to be placed (number {position} of {waiting} in the queue).",
    "no_room_until": "Number {position} of {waiting} in the queue, and no node can take it now: {nodes}. "
    "It starts by {at} UTC at the latest.",
    "no_room": "Number {position} of {waiting} in the queue, and no node can take it now: {nodes}.",
    "waits_for_agent": "It has a place on {nodes} and waits for the agent to take it.",
    "taken_by_agent": "It has a place on {nodes} and was taken by the agent.",
    "fetches": "It has a place on {nodes} and fetches its code and inputs.",
    "on_its_way": "It has a place on {nodes} and is {state}.",
    "held": "It is held: {reason}",
    "being_cancelled": "It is being cancelled: its processes get up to {seconds} s to end: {reason}.",
    "runs_on": "It runs on {nodes}.",
    "has_succeeded": "It has succeeded.",
    "has_succeeded_so": "It has succeeded: {reason}.",
    "has_failed": "It has failed.",
    "has_failed_so": "It has failed: {reason}.",
    "was_cancelled": "It has been cancelled.",
    "was_cancelled_so": "It has been cancelled: {reason}.",
}
