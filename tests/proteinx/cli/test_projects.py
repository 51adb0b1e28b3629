"""`px projects` against the real system."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from proteinx.cli.exits import Exit
from tests.proteinx.cli.conftest import ROOT, Px

CSV = "sequence,target\n" + "".join(f"MKTAYIA{'AKR'[n % 3] * (n % 7)},{n % 7}\n" for n in range(20))


@pytest.fixture
def new(px: Px, tmp_path: Path) -> Path:
    px("projects", "new", "my-first", "--to", str(tmp_path / "fresh"))
    return tmp_path / "fresh"


def test_a_new_project_has_its_name_and_is_not_written_twice(px: Px, new: Path) -> None:
    assert "name: my-first" in (new / "MLproject").read_text()
    assert (new / "README.md").read_text().startswith("# my-first")
    for arguments in (["my-first", "--to", str(new)], ["no/name"]):
        px("projects", "new", *arguments, code=Exit.FAILED)


def test_it_runs_here_by_plain_mlflow(new: Path, tmp_path: Path) -> None:
    data = tmp_path / "数据, one's.csv"
    data.write_text(CSV)
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    command = [sys.executable, "-m", "mlflow", "run", str(new), "--env-manager", "local"]
    subprocess.run(
        [*command, "-P", f"data={data}", "-P", "overrides=epochs=3 seed=2"],
        env={"PATH": path, "MLFLOW_TRACKING_URI": store, "HOME": str(tmp_path)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=300,
    )
    [weights] = new.glob("outputs/*/*/weights.json")
    assert json.loads(weights.read_text())["loss"] > 0


def test_a_folder_and_a_zip_of_it_are_one_snapshot(px: Px, new: Path, tmp_path: Path) -> None:
    first = px.json("projects", "add", str(new))
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(new.rglob("*")):
            file.write(path, Path("wrapped") / path.relative_to(new))
    second = px.json("projects", "add", str(archive), "--name", "zipped")
    assert first["project"] == "my-first"
    assert (second["project"], second["digest"]) == ("zipped", first["digest"])
    shown = px.json("projects", "show", "my-first")
    assert shown["project"]["snapshot"]["entry_points"][0]["config_name"] == "train"
    assert "my-first" in px("projects")[0]
    assert "overrides" in px("projects", "show", "my-first")[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("up.zip", {"MLproject": "entry_points: {}", "../evil": "x"}, "'..'"),
        ("absolute.zip", {"MLproject": "entry_points: {}", "/etc/evil": "x"}, "absolute"),
        ("none.zip", {"train.py": "print(1)"}, "no MLproject"),
        ("broken.zip", None, "no zip file"),
        ("yaml.zip", {"MLproject": "entry_points: ["}, "not valid YAML"),
    ],
)
def test_a_bad_zip_is_refused(px: Px, tmp_path: Path, name: str, content: dict[str, str] | None, told: str) -> None:
    archive = tmp_path / name
    if content is None:
        archive.write_bytes(b"not a zip")
    else:
        with zipfile.ZipFile(archive, "w") as file:
            for path, text in content.items():
                file.writestr(path, text)
    _, err = px("projects", "add", str(archive), code=Exit.FAILED)
    assert told in err
    assert "Traceback" not in err


def test_a_link_in_a_zip_is_refused(px: Px, tmp_path: Path) -> None:
    archive = tmp_path / "link.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("MLproject", "entry_points: {}")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert "link or device" in px("projects", "add", str(archive), code=Exit.FAILED)[1]


def test_git_is_fetched_by_the_master(px: Px) -> None:
    _, err = px("projects", "add", ROOT.as_uri().replace("file://", "git://host.example"), code=Exit.FAILED)
    assert "git_scheme_refused" in err


def test_whoami_shows_how_to_install_the_client_and_pip_can_fetch_it(px: Px, tmp_path: Path) -> None:
    line = px.json("whoami")["pip"]
    url = line.removeprefix('pip install "').removesuffix('"')
    assert url.startswith(px.url)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "-d", str(tmp_path)]
    subprocess.run([*command, url], check=True, capture_output=True, timeout=300)
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "proteinx/mlflow_plugin/backend.py" in names
    assert "proteinx/project_template/MLproject" in names
    assert not any(name.startswith(("app/", "worker/")) for name in names)
