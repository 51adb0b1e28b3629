"""Conda and Docker by their exact command lines: neither need be there to know what would be run."""

from pathlib import Path

import pytest

from proteinx.contracts.jobs import GIB, JobSpec, Resources
from proteinx.contracts.mlproject import DockerEnv, MLproject, MLprojectError, parse
from tests.worker.environments.samples import a_launch, a_site, a_spec
from worker.environments import conda, docker, python_env
from worker.environments.base import CannotHave
from worker.environments.choice import choose
from worker.environments.conda import Conda
from worker.environments.docker import Docker
from worker.environments.offers import offers
from worker.environments.own import Own


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`docker` and `conda` that answer as if all were well, and write down what they were asked."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("docker", "conda"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/asked\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.delenv("CONDA_EXE", raising=False)
    return folder


def test_docker(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setattr("os.getgid", lambda: 1001)
    wanted = DockerEnv("lab/esm:2", ("HF_HOME", ("MODE", "fast"), "ABSENT"))
    spec = a_spec(resources=Resources(gpus=2, cpus=4, memory=8 * GIB), environment="docker")
    site = a_site(tmp_path)
    launch = a_launch(site, gpu_uuids=["GPU-a", "GPU-b"], memory=8 * GIB)
    launch.environment |= {"HF_HOME": "/models", "MLFLOW_TRACKING_TOKEN": "px_j_secret", "PATH": "/venv/bin"}
    environment = Docker(wanted)
    environment.adapt(launch, spec, site)
    work, name = site.attempt.work, f"proteinx-{launch.cookie}"
    relay = ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI", "MODE", "PROTEINX_ATTEMPT", "PROTEINX_SERVING_URL"]
    variables = ["HF_HOME", "HOME", *relay]
    assert launch.arguments == [
        str(programs / "docker"), "run", "--rm", "--init", "--name", name, "--user", "1000:1001",
        "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "host",
        "--cpus", "4", "--memory", str(8 * GIB), "--shm-size", str(4 * GIB), "--gpus", '"device=GPU-a,GPU-b"',
        "--mount", f"type=bind,source={work},target={work}",
        "--mount", f"type=bind,source={site.attempt.inputs},target={site.attempt.inputs},readonly",
        *(word for variable in variables for word in ("--env", variable)),
        "--workdir", launch.folder, "--entrypoint", "/bin/sh", "lab/esm:2", "-c", "python train.py",
    ]  # fmt: skip
    assert launch.cleanup == [str(programs / "docker"), "rm", "--force", "--volumes", name]
    assert not any("px_j_secret" in word for word in launch.arguments)
    assert (launch.environment["MODE"], launch.confine, launch.warm) == ("fast", False, False)
    assert environment.label == "docker lab/esm:2"


def test_docker_for_a_job_without_gpus_mounts_a_cache_on_another_disk(tmp_path: Path, programs: Path) -> None:
    site = a_site(tmp_path)
    (site.attempt.inputs / "data.csv").symlink_to(site.cache.blobs / "sha")
    launch = a_launch(site)
    Docker(DockerEnv("python:3.11")).adapt(launch, a_spec(), site)
    assert "--gpus" not in launch.arguments and "--memory" not in launch.arguments
    assert f"type=bind,source={site.cache.blobs},target={site.cache.blobs},readonly" in launch.arguments


def test_an_image_is_looked_for_before_it_is_pulled(tmp_path: Path, programs: Path) -> None:
    Docker(DockerEnv("lab/esm:2")).make(a_site(tmp_path))
    assert (tmp_path / "asked").read_text().split("docker ", 1)[1].strip() == (
        "image inspect --format {{.Id}} lab/esm:2"
    )
    (programs / "docker").write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
    with pytest.raises(CannotHave, match="does not answer on this worker: Cannot connect"):
        Docker(DockerEnv("lab/esm:2")).make(a_site(tmp_path))


def test_conda(tmp_path: Path, programs: Path) -> None:
    site = a_site(tmp_path)
    (site.project / "conda.yaml").write_text("dependencies: [python=3.11]\n")
    launch = a_launch(site)
    environment = Conda(site.project, "conda.yaml")
    environment.adapt(launch, a_spec(), site)
    [key] = launch.holds
    prefix = site.cache.environments / key / "env"
    program = str(programs / "conda")
    assert launch.arguments == [
        program, "run", "--no-capture-output", "--prefix", str(prefix), "bash", "-c", "python train.py",
    ]  # fmt: skip
    file = site.project / "conda.yaml"
    assert conda.creation(program, prefix, file) == [
        program, "env", "create", "--quiet", "--prefix", str(prefix), "--file", str(file),
    ]  # fmt: skip
    assert conda.creation("/opt/micromamba", prefix, file)[1:] == [
        "create", "--yes", "--quiet", "--prefix", str(prefix), "--file", str(file),
    ]  # fmt: skip
    assert launch.special[str(prefix.parent)] == "read"


def test_what_is_not_there_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CONDA_EXE", raising=False)
    for find, name in ((docker.find, "Docker"), (conda.find, "conda")):
        with pytest.raises(CannotHave, match=rf"asks for {name}, and this worker has none.*environment=own"):
            find()
    with pytest.raises(CannotHave, match="volumes"):
        Docker(DockerEnv("image", volumes=("/etc:/etc",)))


def test_a_worker_says_what_it_can_give(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (programs / "docker").write_text("#!/bin/sh\necho 28.0.1\n")
    found = offers()
    assert found.keys() == {"own", "venv", "conda", "docker"}
    assert (found["conda"], found["docker"]) == ("conda", "Docker 28.0.1")
    (programs / "docker").write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
    assert offers().keys() == {"own", "venv", "conda"}, "a client without its engine gives nothing"
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("CONDA_EXE", raising=False)
    assert offers().keys() == {"own", "venv"}


def test_mlproject_names_the_environment(tmp_path: Path, programs: Path) -> None:
    (tmp_path / "env.yaml").write_text("dependencies: [surely-not-here]")
    (tmp_path / "c.yaml").write_text("dependencies: [python]")
    docker_env = DockerEnv("image")
    assert isinstance(choose("auto", MLproject(None, {}), tmp_path), Own)
    both = MLproject(None, {}, python_env="env.yaml", conda_env="c.yaml")
    assert choose("auto", both, tmp_path).label.startswith("conda ")
    assert choose("venv", both, tmp_path).label.startswith("venv ")
    with_docker = MLproject(None, {}, python_env="env.yaml", docker_env=docker_env)
    assert choose("auto", with_docker, tmp_path).label == "docker image"
    assert isinstance(choose("own", with_docker, tmp_path), Own)
    with pytest.raises(CannotHave, match="no such file"):
        choose("venv", MLproject(None, {}, python_env="../secret.yaml"), tmp_path)
    declared = parse("python_env: e.yaml\ndocker_env: {image: i, environment: [A, [B, c]], volumes: ['a:b']}")
    assert declared.docker_env == DockerEnv("i", ("A", ("B", "c")), ("a:b",))
    with pytest.raises(MLprojectError, match="image"):
        parse("docker_env: {image: --privileged}")


def test_the_key_changes_with_everything_that_it_is_made_of(tmp_path: Path) -> None:
    env = tmp_path / "python_env.yaml"
    (tmp_path / "requirements.txt").write_text("a==1\n")

    def key(text: str) -> str:
        env.write_text(text)
        return python_env.load(tmp_path, "python_env.yaml").key(tmp_path)

    text = "dependencies: ['-r requirements.txt']"
    keys = [key(text), key(text + "\nbuild_dependencies: [pip]"), key("python: '3.10'\n" + text)]
    (tmp_path / "requirements.txt").write_text("a==2\n")
    assert len({*keys, key(text)}) == 4 and key(text) == key(text)


def test_specs_are_wire_types() -> None:
    assert JobSpec.model_validate_json(a_spec(environment="venv").model_dump_json()).environment == "venv"
