"""Says at once what no machine of this lab could ever run, with the field that is too much and what there is."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.nodes import free
from app.scheduling.capacity import NodeCapacity
from app.scheduling.environments import kind_in, kind_of
from app.scheduling.fitting import CPU_GRAIN, could_ever_fit, shortage
from proteinx.contracts.jobs import GIB, Resources
from proteinx.contracts.phrases import say


def require_possible(session: Session, resources: Resources) -> None:
    """Raises Unprocessable("unknown_node") or ("impossible_resources") with what there is.

    Without any node the request is accepted: it waits for the first one.
    """
    nodes = free.capacity(session, in_principle=True)
    if not nodes:
        return
    _require_known(resources, nodes)
    if could_ever_fit(resources, nodes):
        return
    for find in (_too_many_nodes, _environment, _labels, _gpus, _gpu_memory, _cpus, _memory):
        found = find(resources, nodes)
        if found is not None:
            field, code, asked, there = found
            detail = say(code, asked=asked, there=there, offer=_offer(nodes))
            raise Unprocessable("impossible_resources", detail, field=field)
    reasons = [f"{node.name} {lacking}" for node in nodes if (lacking := shortage(resources, node.idle()))]
    able = len(nodes) - len(reasons)
    wants = f"The job asks for {resources.nodes} such nodes, {able} can. " if able else "No node can ever run this: "
    detail = f"{wants}{'; '.join(reasons[:5])}. There is: {_offer(nodes)}."
    raise Unprocessable("impossible_resources", detail, field="resources.nodes" if able else "resources")


def _require_known(resources: Resources, nodes: Sequence[NodeCapacity]) -> None:
    known = {node.name for node in nodes}
    unknown = [name for name in resources.node_names if name not in known]
    if unknown:
        detail = say("no_such_node", name=unknown[0][:64], there=", ".join(sorted(known)[:20]))
        raise Unprocessable("unknown_node", detail, field="resources.node_names")


Finding = tuple[str, str, object, object] | None
"""The field, the phrase, what is asked for, and what there is."""


def _too_many_nodes(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    if resources.nodes > len(nodes):
        return "resources.nodes", "too_many_nodes", resources.nodes, len(nodes)
    if resources.node_names and resources.nodes > len(set(resources.node_names)):
        return "resources.nodes", "too_few_named", resources.nodes, len(set(resources.node_names))
    return None


def _environment(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    kind = kind_in(resources.labels)
    offered = {kind_of(label) for node in nodes for label in node.labels}
    if kind is None or kind in offered:
        return None
    return "environment", "no_such_environment", kind, ", ".join(sorted({"own", *filter(None, offered)}))


def _labels(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    if any(all(node.labels.get(key) == value for key, value in resources.labels.items()) for node in nodes):
        return None
    wanted = ", ".join(_shown(key, value) for key, value in sorted(resources.labels.items()))
    there = sorted({_shown(key, node.labels[key]) for node in nodes for key in resources.labels if key in node.labels})
    several = "s" if len(resources.labels) > 1 else ""
    if not there:
        return "resources.labels", f"no_such_label{several}", wanted, ""
    return "resources.labels", f"label{several}_elsewhere", wanted, ", ".join(there[:20])


def _shown(label: str, value: str) -> str:
    kind = kind_of(label)
    return f"{label}={value}" if kind is None else f"environment={kind}"


def _gpus(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    most = max(len(node.gpus) for node in nodes)
    return None if resources.gpus <= most else ("resources.gpus", "too_many_gpus", resources.gpus, most)


def _gpu_memory(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    most = max((gpu.memory_total for node in nodes for gpu in node.gpus), default=0)
    if resources.gpus == 0 or resources.gpu_memory <= most:
        return None
    asked = f"{resources.gpu_memory / GIB:.3g}"
    return "resources.gpu_memory", "too_much_gpu_memory", asked, f"{most / GIB:.3g}"


def _cpus(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    most = max(node.cpus_total for node in nodes)
    if resources.cpus <= most + CPU_GRAIN:
        return None
    return "resources.cpus", "too_many_cpus", f"{resources.cpus:g}", f"{most:g}"


def _memory(resources: Resources, nodes: Sequence[NodeCapacity]) -> Finding:
    most = max(node.memory_total for node in nodes)
    if resources.memory <= most:
        return None
    return "resources.memory", "too_much_memory", f"{resources.memory / GIB:.3g}", f"{most / GIB:.3g}"


def _offer(nodes: Sequence[NodeCapacity]) -> str:
    return "; ".join(_describe(node) for node in nodes[:5])


def _describe(node: NodeCapacity) -> str:
    gpus = f"{len(node.gpus)} GPUs" if len(node.gpus) != 1 else "1 GPU"
    if node.gpus:
        gpus += f" of up to {max(gpu.memory_total for gpu in node.gpus) / GIB:.3g} GiB"
    return f"{node.name} with {node.cpus_total:g} CPUs, {node.memory_total / GIB:.3g} GiB, {gpus}"
