"""Why nothing, or not this job, is placed on a machine: the rest of a sentence that begins with its name."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "draining": "is draining",
    "draining_for": "is draining: {note}",
    "quarantined": "is quarantined",
    "quarantined_for": "is quarantined: {reason}",
    "many_failures": "{n} jobs failed on it within {minutes} minutes, not by their own fault",
    "agent_stopping": "is shutting its agent down",
    "never_heard": "has not sent its first heartbeat yet",
    "silent": "has been silent for {seconds} s",
    "takes_none": "takes no jobs now",
    "avoided": "is avoided, since an attempt of this job failed there",
    "room_kept": "has room that is kept for {job}, which is in front and would be delayed",
    "room_for_one": "has room for one of the {members} members; the others wait for nodes of their own",
    "has_room": "has room",
    "not_named": "is not one of the nodes that the job names",
    "gives_none": "cannot give a job the environment {environment}",
    "lacks_label": "lacks the label {label}",
    "too_few_cpus": "has {total} CPUs in all, the job asks for {asked}",
    "cpus_taken": "has {free} of {total} CPUs free, the job asks for {asked}",
    "too_little_memory": "has {total} GiB of memory in all, the job asks for {asked}",
    "memory_taken": "has {free} of {total} GiB of memory free, the job asks for {asked}",
    "too_few_large_gpus": "has {total} GPUs with {memory} GiB in all, the job asks for {asked}",
    "large_gpus_taken": "has {free} of {total} GPUs with {memory} GiB free, the job asks for {asked}",
    "too_few_gpus": "has {total} GPUs in all, the job asks for {asked}",
    "gpus_taken": "has {free} of {total} GPUs free, the job asks for {asked}",
    # why a job is not started by a fork, in the words of the worker
    "cold_command": "its command is more than `python script.py`",
    "cold_environment": "its environment is too large",
    "cold_cuda": "a library has touched CUDA in the launcher; leave it out of PROTEINX_WORKER_WARM_MODULES",
    "cold_script": "{script} is no Python file",
    "cold_module": "its own module {module} would be hidden by one that is loaded already",
}
