"""Says at once what no machine of this lab could ever run."""

from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.nodes import free
from app.scheduling.capacity import NodeCapacity
from app.scheduling.placement import could_ever_fit, shortage
from proteinx.contracts.jobs import GIB, Resources


def require_possible(session: Session, resources: Resources) -> None:
    """Raises Unprocessable("impossible_resources") with what there is.

    Without any node the request is accepted: it waits for the first one.
    """
    nodes = free.capacity(session, in_principle=True)
    if not nodes or could_ever_fit(resources, nodes):
        return
    if resources.nodes > len(nodes):
        detail = f"The job asks for {resources.nodes} nodes, there are {len(nodes)}."
        raise Unprocessable("impossible_resources", detail, field="resources.nodes")
    reasons = [f"{node.name} {shortage(resources, node.idle())}" for node in nodes if shortage(resources, node.idle())]
    detail = f"No node can ever run this: {'; '.join(reasons[:5])}. There is: {_offer(nodes)}."
    raise Unprocessable("impossible_resources", detail, field="resources")


def _offer(nodes: list[NodeCapacity]) -> str:
    return "; ".join(_describe(node) for node in nodes[:5])


def _describe(node: NodeCapacity) -> str:
    gpus = f"{len(node.gpus)} GPUs" if len(node.gpus) != 1 else "1 GPU"
    if node.gpus:
        gpus += f" of up to {max(gpu.memory_total for gpu in node.gpus) / GIB:.3g} GiB"
    return f"{node.name} with {node.cpus_total:g} CPUs, {node.memory_total / GIB:.3g} GiB, {gpus}"
