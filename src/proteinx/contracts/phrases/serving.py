"""Predictions on demand: what is wrong with a request, and why there is no answer."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    # the request
    "no_sequences": "There is no sequence in the request.",
    "sequence_empty": "Sequence {number} ('{id}') is empty: give its residues, or leave it out.",
    "sequence_illegal": "Sequence {number} ('{id}') has '{letter}' at position {position}: only letters and * are "
    "residues. Remove gaps and other signs.",
    "sequence_id_twice": "Sequence {number} has the id '{id}' of an earlier one: give each an id of its own.",
    "header_missing": "The first line of FASTA begins with >: put a name above each sequence, or send JSON.",
    "too_many_sequences": "The request has {n} sequences, the most is {limit}: send less at a time, or use a predict "
    "job.",
    "too_many_residues": "The request has {n} residues, the most is {limit}: send less at a time, or use a predict "
    "job.",
    "request_too_large": "The request has more than {limit} bytes: send less at a time, or use a predict job.",
    # the model
    "not_servable": "{model} was made by the project {project}, whose code has no entry point serve with the one input "
    "model: use a predict job.",
    "serving_off": "Predictions on demand are switched off: use a predict job.",
    # no answer, or not now
    "person_busy": "You have {limit} predictions under way, as many as you may at a time: wait for one of them, or use "
    "a predict job.",
    "endpoint_busy": "{model} has {limit} requests to answer, as many as it may at a time: try again in a moment, or "
    "use a predict job.",
    "endpoints_taken": "All {limit} places for loaded models are in use: try again later, or use a predict job.",
    "model_starting": "Job {job} is loading {model}: try again in a moment. {reason}",
    "model_between": "{model} is not loaded yet: try again in a moment.",
    "endpoint_failed": "Job {job} could not load {model}: {reason}",
    "endpoint_gone": "Job {job} ended before it answered: try again, and {model} is loaded anew.",
    "request_lost": "The broker lost the request: try again.",
    "no_answer": "{model} did not answer within {seconds} s: send less at a time, or use a predict job.",
    "serving_broker_away": "The broker does not answer: try again in a moment, or use a predict job.",
    "master_stopping": "The master is being stopped: try again in a moment.",
    "answer_too_large": "The answer has more than {limit} bytes: send less at a time, or use a predict job.",
    # why an endpoint ended
    "endpoint_idle": "unused for {minutes} minutes",
    "endpoint_unwanted": "nobody asks this job: an endpoint is started by the first request for its model",
    "endpoint_displaced": "made room for the model {model}",
    "endpoint_replaced": "its worker had not asked for requests for a while, and the model is loaded anew",
}
