"""Logs and files on a bad line: not a byte lost, not a byte twice."""

import os
import re
import threading
from pathlib import Path

from starlette.responses import JSONResponse

from tests.worker.conftest import AgentProcess
from tests.worker.cutter import Cutter
from tests.worker.stub import StubMaster, until
from worker.cache import Cache

_TALK = """
import sys, time
for n in range(3000):
    print(f"{n:06d} 蛋白质 " + "x" * 60, flush=True)
    if n % 100 == 0: time.sleep(0.05)
"""


def _expected() -> bytes:
    return b"".join(f"{n:06d} 蛋白质 {'x' * 60}\n".encode() for n in range(3000))


def test_a_log_survives_a_line_that_is_cut_in_the_middle(master: StubMaster, agent: AgentProcess) -> None:
    with Cutter(master.port) as line:
        job = master.job(_TALK)
        agent.environment["MASTER_URL"] = line.url
        agent.start()
        until(lambda: len(job.log) > 1000)
        for cut in range(1, 6):
            line.cut_after(3_000)
            until(lambda cut=cut: line.cuts == cut)
        until(lambda: job.finish)
    assert bytes(job.log) == _expected()


def test_a_log_survives_a_master_that_restarts(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job(_TALK)
    agent.start()
    until(lambda: len(job.log) > 1000)
    for _ in range(3):
        master.stop()
        master.start()
    until(lambda: job.finish)
    assert bytes(job.log) == _expected()


def test_a_gap_is_filled_from_what_the_master_has(master: StubMaster, agent: AgentProcess) -> None:
    script = """
import os, time
print("a" * 100, flush=True)
while not os.path.exists(os.environ["TMPDIR"] + "/go"): time.sleep(0.02)
print("b")
"""
    job = master.job(script)
    agent.start()
    until(lambda: len(job.log) == 101)
    del job.log[50:]  # the master lost its last bytes in a crash
    (agent.attempt().temporary / "go").touch()
    until(lambda: job.finish)
    assert bytes(job.log) == b"a" * 100 + b"\nb\n"


def test_outputs_survive_a_torn_upload(master: StubMaster, agent: AgentProcess) -> None:
    script = """
import os, pathlib
out = pathlib.Path(os.environ["PROTEINX_OUTPUT_DIR"])
(out / "model.bin").write_bytes(bytes(range(256)) * 4000)
(out / "empty").touch()
"""
    with Cutter(master.port) as line:
        job = master.job(script)
        agent.environment["MASTER_URL"] = line.url
        agent.start()
        until(lambda: job.states and job.states[-1] == "finalizing")
        for _ in range(4):
            line.cut_after(150_000)
            cuts = line.cuts
            until(lambda cuts=cuts: line.cuts > cuts or job.finish)
        until(lambda: job.finish)
    assert job.artifacts == {"model.bin": bytes(range(256)) * 4000, "empty": b""}
    parts = [path for method, path in master.served if method == "PUT" and re.search(r"/parts/\d+$", path)]
    assert len(parts) < 2 * 16 + 8  # what had arrived was not sent again


def test_a_full_disk_at_the_master_is_waited_for(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("import os\nopen(os.environ['PROTEINX_OUTPUT_DIR'] + '/a', 'w').write('a')")
    for _ in range(6):
        master.once("upload_open", lambda _: JSONResponse({"error": "no_space", "detail": "full"}, 507))
    agent.start()
    until(lambda: job.finish)
    assert job.artifacts == {"a": b"a"}


def test_outputs_that_are_refused_fail_the_job(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job("import os\nopen(os.environ['PROTEINX_OUTPUT_DIR'] + '/a', 'w').write('a')")
    master.once("upload_open", lambda _: JSONResponse({"error": "too_large", "detail": "over the limit"}, 413))
    agent.start()
    until(lambda: job.finish)
    assert job.finish is not None
    assert (job.finish["outcome"], job.finish["fault"]) == ("failed", "user")
    assert "over the limit" in job.finish["reason"]


def test_a_lost_finish_is_repeated(master: StubMaster, agent: AgentProcess) -> None:
    job = master.job()
    master.lose_reply("finish")
    agent.start()
    until(agent_done := lambda: job.finish and agent.empty())
    assert agent_done()
    assert job.finishes == 2


def test_an_input_is_fetched_to_the_end_over_a_bad_line(master: StubMaster, agent: AgentProcess) -> None:
    content = bytes(range(256)) * 8000
    threads = threading.active_count()
    data = master.input("data", "d.bin", content)
    job = master.job(
        "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())",
        inputs=[data],
        command="python main.py {data}",
    )
    with Cutter(master.port) as line:
        line.cut_replies_after(700_000, times=2)
        agent.environment["MASTER_URL"] = line.url
        agent.start()
        until(lambda: job.finish)
    assert job.log.decode().strip() == data.files[0].sha256
    assert line.cuts == 2
    assert threading.active_count() < threads + 50


def test_a_cache_lets_go_of_all_that_nothing_uses(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=10**9)
    for name in ("used", "free"):
        (cache.blobs / name).write_bytes(b"x" * 100)
        os.utime(cache.blobs / name, (1, 1))
    assert cache.trim({"used"}) == [], "there is room"
    assert cache.trim({"used"}, limit=0) == ["free"]
    assert [path.name for path in cache.blobs.iterdir()] == ["used"]
