"""Why a job or an attempt is where it is."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "placed_on": "placed on {nodes}",
    "cancelled_by": "cancelled by {user}",
    "released_by": "released by {user}",
    "makes_room": "makes room for {job}, which has a higher priority",
    "tried_enough_once": "failed once through no fault of its own, last: {reason}. "
    "Release it to try again, or cancel it.",
    "tried_enough": "failed {times} times through no fault of its own, last: {reason}. "
    "Release it to try again, or cancel it.",
    "inputs_gone": "its inputs can't be had any more: {detail}",
    "outputs_refused": "the job ended well, but its outputs were refused: {detail}",
    "preparing_failed": "preparing failed: {detail}",
    "preparing_broken_off": "the preparation was broken off",
    "supervisor_died": "the supervisor of the job died; what was left of the job was ended",
    "worker_stopped": "the worker was stopped",
    "time_limit": "time limit of {seconds} s",
    "time_limit_worker": "time limit of {seconds} s is over, and its worker did not end it",
    "not_taken_up": "{node} did not take it up within {seconds} s",
    "node_silent": "{node} was silent for {seconds} s",
    "node_forgot": "{node} has not named it for {seconds} s",
    "member_deserted": "{node} lost touch with the others, and none said why",
    "lost_peers": "its members lost touch with each other, and none said why",
    "agent_lost_it": "the agent on {node} does not have it any more",
    "node_restarted": "node {node} was started again",
    "node_removed": "node {node} was removed",
    "killed_for_memory": "killed by SIGKILL (exit code {exit_code}), most likely by the kernel: out of memory",
    "not_started": "the command could not be started; the log has the reason",
    "killed_by": "killed by {signal} (exit code {exit_code})",
    "exit_code": "exit code {exit_code}",
    "failed_with_exit_code": "failed with exit code {exit_code}",
    "ended_failed": "failed",
    "ended_cancelled": "cancelled",
    "ended_preempted": "preempted",
    "dataset_made": "made the dataset {dataset}",
    "dataset_bad_name": "'{name}' is no name for a dataset: no spaces, slashes, colons or @; its files stay artifacts",
    "dataset_foreign": "the dataset {name} is somebody else's; its files stay artifacts",
    "dataset_file_gone": "{path} is gone; no dataset was made",
    "tidied_checkpoints": "{n} files of older checkpoints were removed by the rules of what is kept ({size} MiB)",
    "tidied_logs": "{n} logs were removed by the rules of what is kept ({size} MiB)",
    "tidied_results": "{n} result files were removed by the rules of what is kept ({size} MiB)",
    "purged": "{bytes} bytes freed",
    "not_registered": "The model was not registered as {name}: {detail}",
}

WRAPPED: Final[Mapping[str, str]] = {
    "of_rank": "rank {rank}: {reason}",
    "of_job": "job {job}: {reason}",
    "cancelled_too_late": "{reason}; training had ended by then, its outputs are kept",
    "with_exit_code": "{reason} (exit code {exit_code})",
}
"""Phrases around others; they are looked for last."""
