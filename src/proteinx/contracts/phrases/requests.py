"""What is wrong with a request: who sends it, or what stands in a field of a form."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "did_you_mean": "Did you mean '{nearest}'?",
    # rights
    "credential_unfit": "This credential is not good for that.",
    "admins_only": "Only an admin may do that; ask one.",
    "owners_only": "Only its owner or an admin may do that.",
    "role_too_low": "The role {role} may not do that; ask an admin for the role member.",
    # settings
    "no_such_key": "There is no key '{key}' in this config.{hint} To add a new one, write +{key}=...",
    "no_such_choice": "{group} has no choice '{choice}'; there are: {choices}.{hint}",
    "wrong_type_here": "{key} must be {expected}: the config has {present}. ++{key}=... sets it all the same.",
    "value_missing": "{key} has no value: give {key}=...",
    "values_missing": "{key} has no value (and {others}): give {key}=...",
    "overrides_misfit": "The overrides don't fit the config: {detail}",
    "quotation_open": "The overrides can't be split: {detail}. Close the quotation.",
    "no_override": "'{text}' is no override; write key=value, and quote values with spaces or commas: 'key=\"a, b\"'.",
    "hydras_own": "'{key}' is Hydra's own; the platform decides where and how a job runs.",
    "input_is_set": "{key} comes from the input '{input}'; give a dataset or model there instead.",
    "several_runs": "'{text}' asks for several runs; a job is one run, so start a sweep, or quote the value.",
    # parameters and inputs
    "no_such_parameter": "The entry point {entry_point} has no parameter '{name}'; it has: {choices}.{hint}",
    "number_needed": "The parameter '{name}' must be a number, not '{value}'.",
    "no_such_input": "The entry point {entry_point} has no input '{name}'; it has: {choices}.{hint}",
    "input_needed": "The entry point {entry_point} needs the input '{name}': a dataset, as <name>@<version>, "
    "a model, as models:/<name>/<version>, or an artifact, as runs:/<run>/<path>.",
    # resources; `offer` says what there is
    "too_many_nodes": "The job asks for {asked} nodes, there are {there}. There is: {offer}.",
    "too_few_named": "The job asks for {asked} nodes and names {there}. There is: {offer}.",
    "too_many_gpus": "The job asks for {asked} GPUs on one node, the most that any has is {there}. There is: {offer}.",
    "too_much_gpu_memory": "The job asks for {asked} GiB on a GPU, the most that any has is {there} GiB. "
    "There is: {offer}.",
    "too_many_cpus": "The job asks for {asked} CPUs on one node, the most that any has is {there}. There is: {offer}.",
    "too_much_memory": "The job asks for {asked} GiB of memory, the most that any node has is {there} GiB. "
    "There is: {offer}.",
    "labels_elsewhere": "No node carries all of {asked}; there are nodes with {there}. There is: {offer}.",
    "no_such_labels": "No node carries all of {asked}. There is: {offer}.",
    "label_elsewhere": "No node carries {asked}; there are nodes with {there}. There is: {offer}.",
    "no_such_label": "No node carries {asked}. There is: {offer}.",
    "no_such_environment": "No worker can give a job the environment {asked}; there are: {there}.",
    "undeclared_environment": "The environment {environment} is made from {file}, which the project does not have: "
    "add it, or choose another environment.",
    "no_such_node": "There is no node {name}; there are: {there}.",
    # values of the wrong kind, in the words of the library that checks them
    "required": "Field required",
    "not_at_least": "Input should be greater than or equal to {bound}",
    "not_above": "Input should be greater than {bound}",
    "not_at_most": "Input should be less than or equal to {bound}",
    "not_below": "Input should be less than {bound}",
    "no_integer": "Input should be a valid integer, unable to parse string as an integer",
    "no_number": "Input should be a valid number, unable to parse string as a number",
    "no_text": "Input should be a valid string",
    "text_too_short": "String should have at least {n} characters",
    "character_missing": "String should have at least 1 character",
    "text_too_long": "String should have at most {n} characters",
    "text_misfits": "String should match pattern '{pattern}'",
}
