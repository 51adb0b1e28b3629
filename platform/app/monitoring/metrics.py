"""What Prometheus reads: counted in the database at each scrape, so it is true after a restart too."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.master import Master
from app.models import Allocation, Gpu, Job, Member, Node
from app.nodes import health
from app.workdir import service as workdir
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.states import JobState


class Collected(Collector):
    def __init__(self, master: Master) -> None:
        self._master = master

    def collect(self) -> Iterator[Metric]:
        with self._master.db.read() as session:
            yield _jobs(session)
            yield from _nodes(session, self._master)
            yield from _gpus(session)
            yield _logs(session)
            yield from _disk(session)


def _jobs(session: Session) -> Metric:
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    counted: dict[str, int] = {row[0]: row[1] for row in rows}
    family = GaugeMetricFamily("proteinx_jobs", "Jobs by state", labels=["state"])
    for state in JobState:
        family.add_metric([state.value], counted.get(state.value, 0))
    return family


def _nodes(session: Session, master: Master) -> Iterator[Metric]:
    settings = workdir.get_settings(session)
    nodes = session.scalars(select(Node).where(Node.removed_at.is_(None))).all()
    counted = Counter(health.of(node, settings, master.ready_at) for node in nodes)
    by_health = GaugeMetricFamily("proteinx_nodes", "Nodes by health", labels=["health"])
    for state in NodeHealth:
        by_health.add_metric([state.value], counted[state])
    yield by_health
    age = GaugeMetricFamily("proteinx_node_heartbeat_age_seconds", "Since a node's last heartbeat", labels=["node"])
    for node in nodes:
        age.add_metric([node.name], (now() - health.last_heard(node)).total_seconds())
    yield age


def _gpus(session: Session) -> Iterator[Metric]:
    present = select(func.count()).select_from(Gpu).join(Node, Node.id == Gpu.node_id)
    total = session.scalar(present.where(Gpu.present.is_(True), Node.removed_at.is_(None))) or 0
    held = select(func.count(func.distinct(Allocation.gpu_uuid))).where(Allocation.released_at.is_(None))
    used = session.scalar(held) or 0
    yield GaugeMetricFamily("proteinx_gpus_used", "GPUs that a job holds", value=used)
    yield GaugeMetricFamily("proteinx_gpus_free", "GPUs that no job holds", value=max(0, total - used))


def _logs(session: Session) -> Metric:
    written = session.scalar(select(func.sum(Member.log_bytes))) or 0
    return CounterMetricFamily("proteinx_log_bytes", "Bytes of log taken from jobs", value=written)


def _disk(session: Session) -> Iterator[Metric]:
    free = workdir.view(session).free_bytes
    if free is not None:
        yield GaugeMetricFamily("proteinx_workdir_free_bytes", "Free on the workdir's disk", value=free)
