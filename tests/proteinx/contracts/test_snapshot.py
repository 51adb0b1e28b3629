import gzip
import io
import subprocess
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proteinx.contracts import snapshot
from proteinx.contracts.snapshot import SnapshotError

MLPROJECT = "entry_points: {main: {command: python train.py}}\n"


def write(root, **files):
    for name, content in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(MLPROJECT)
    (folder / "train.py").write_text("print(1)\n")
    return folder


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def paths(folder):
    return [file.path for file in snapshot.collect(folder).files]


def archive_of(tmp_path, members, headers=None):
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT, pax_headers=headers or {}) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_round_trip(project, tmp_path):
    (project / "run.sh").write_text("true\n")
    (project / "run.sh").chmod(0o755)
    (project / "数据 a.txt").write_text("x")
    tree = snapshot.collect(project)
    snapshot.pack(tree, tmp_path / "a.tar.gz")
    opened = snapshot.unpack(tmp_path / "a.tar.gz", tmp_path / "out", snapshot.digest(tree))
    assert [file.path for file in opened.files] == ["MLproject", "run.sh", "train.py", "数据 a.txt"]
    assert (tmp_path / "out/run.sh").stat().st_mode & 0o111 == 0o111
    assert (tmp_path / "out/train.py").read_text() == "print(1)\n"
    assert opened.scripts() == ["run.sh", "train.py"]


def test_git_decides_what_belongs(project):
    git(project, "init", "-q")
    write(project, **{".gitignore": "data/\n", "data__big.csv": "1", "new.py": "", "gone.py": ""})
    git(project, "add", "gone.py", "train.py")
    git(project, "commit", "-qm", "x")
    (project / "gone.py").unlink()
    (project / "train.py").write_text("changed\n")
    assert paths(project) == [".gitignore", "MLproject", "new.py", "train.py"]
    changed = next(file for file in snapshot.collect(project).files if file.path == "train.py")
    assert changed.size == len("changed\n")


def test_denied_names_stay_out(project):
    write(project, **{".env.local": "SECRET", "id_rsa": "", "k__my.pem": "", "mlruns__0__x": "", "outputs__a": ""})
    (project / "id_map.py").write_text("")
    tree = snapshot.collect(project)
    assert [file.path for file in tree.files] == ["MLproject", "id_map.py", "train.py"]
    assert {".env.local", "id_rsa", "k/my.pem", "mlruns", "outputs"} <= set(tree.skipped)


def test_include_names_a_wider_root(tmp_path):
    write(tmp_path, projects__p__MLproject=MLPROJECT, configs__a="1", src__lib__b="2", other__c="3")
    include = "root: ../..\ninclude: [projects/p, configs, src/lib]\n"
    (tmp_path / "projects/p/snapshot.include").write_text(include)
    tree = snapshot.collect(tmp_path / "projects/p")
    assert tree.project_path == "projects/p"
    assert [f.path for f in tree.files] == [
        "configs/a",
        "projects/p/MLproject",
        "projects/p/snapshot.include",
        "src/lib/b",
    ]


@pytest.mark.parametrize(
    "include",
    ["root: /\ninclude: [../x]", "include: x", "include: [gone]", "root: ../other\ninclude: [.]", "a: [", "[]"],
)
def test_bad_include(project, include):
    (project / "snapshot.include").write_text(include)
    with pytest.raises(SnapshotError) as caught:
        snapshot.collect(project)
    assert caught.value.code in ("bad_include", "bad_path")


def test_links_become_copies_only_of_what_is_in(project, tmp_path):
    write(project, lib__a="A")
    (project / "b").symlink_to("lib/a")
    (project / "alias").symlink_to("lib")
    assert paths(project) == ["MLproject", "alias/a", "b", "lib/a", "train.py"]
    (tmp_path / "secret").write_text("s")
    for target in ("../secret", "/etc/passwd", "loop", "gone", ".env"):
        (project / ".env").write_text("SECRET")
        (project / "loop").unlink(missing_ok=True)
        (project / "loop").symlink_to(target)
        with pytest.raises(SnapshotError) as caught:
            snapshot.collect(project)
        assert (caught.value.code, caught.value.path) == ("bad_link", "loop")


def test_git_file_behind_a_linked_folder_is_not_read(project, tmp_path):
    git(project, "init", "-q")
    write(project, folder__x="mine")
    git(project, "add", ".")
    write(tmp_path, elsewhere__x="secret")
    (project / "folder/x").unlink()
    (project / "folder").rmdir()
    (project / "folder").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SnapshotError, match="leads out"):
        snapshot.collect(project)


def test_large_file_is_named(project):
    with (project / "weights.bin").open("wb") as file:
        file.truncate(snapshot.MAX_FILE_BYTES + 1)
    with pytest.raises(SnapshotError, match=r"weights\.bin") as caught:
        snapshot.collect(project)
    assert caught.value.code == "file_too_large"


def test_no_mlproject(tmp_path):
    write(tmp_path, sub__MLproject=MLPROJECT)
    with pytest.raises(SnapshotError) as caught:
        snapshot.collect(tmp_path)
    assert caught.value.code == "no_mlproject"


def test_change_while_packing(project, tmp_path):
    tree = snapshot.collect(project)
    (project / "train.py").write_text("print(2)\n")
    with pytest.raises(SnapshotError) as caught:
        snapshot.pack(tree, tmp_path / "a")
    assert caught.value.code == "changed"


names = st.text(st.characters(exclude_categories=["C"], exclude_characters="/\\"), min_size=1, max_size=20)
trees = st.dictionaries(names.filter(lambda n: n not in (".", "..")), st.binary(max_size=50), max_size=5)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40, deadline=None
)
@given(content=trees)
def test_digest_and_archive_are_determined_by_the_files(tmp_path_factory, content):
    archives, digests = [], []
    for order in (sorted(content), sorted(content, reverse=True)):
        folder = tmp_path_factory.mktemp("t")
        for name in order:
            (folder / f"file {name}"[:60]).write_bytes(content[name])
        (folder / "MLproject").write_text(MLPROJECT)
        tree = snapshot.collect(folder)
        digests.append(snapshot.digest(tree))
        snapshot.pack(tree, folder / "packed")
        archives.append((folder / "packed").read_bytes())
        opened = snapshot.unpack(folder / "packed", folder / "out", digests[-1])
        assert {f.path: f.sha256 for f in opened.files} == {f.path: f.sha256 for f in tree.files}
    assert digests[0] == digests[1]
    assert archives[0] == archives[1]


def test_mode_and_place_belong_to_the_digest(project):
    before = snapshot.digest(snapshot.collect(project))
    (project / "train.py").chmod(0o755)
    assert snapshot.digest(snapshot.collect(project)) != before


def plain(name):
    return tarfile.TarInfo(name)


def special(kind, link=""):
    member = tarfile.TarInfo("x")
    member.type, member.linkname = kind, link
    return member


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ([(plain("../evil"), b"x")], "../evil"),
        ([(plain("/etc/evil"), b"x")], "/etc/evil"),
        ([(plain("a/../../evil"), b"x")], "evil"),
        ([(plain("a\\b"), b"x")], "a"),
        ([(special(tarfile.SYMTYPE, "/etc/passwd"), b"")], "x"),
        ([(special(tarfile.LNKTYPE, "../x"), b"")], "x"),
        ([(special(tarfile.FIFOTYPE), b"")], "x"),
        ([(special(tarfile.DIRTYPE), b"")], "x"),
        ([(special(tarfile.CHRTYPE), b"")], "x"),
        ([(plain("a"), b"1"), (plain("a"), b"2")], "a"),
        ([(plain("a"), b"1"), (plain("a/b"), b"2")], "a"),
    ],
)
def test_hostile_members_are_refused_by_name(tmp_path, members, named):
    archive = archive_of(tmp_path, [(plain("MLproject"), b"x"), *members])
    with pytest.raises(SnapshotError) as caught:
        snapshot.unpack(archive, tmp_path / "out", "0" * 64)
    assert named in caught.value.detail
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "evil").exists()


def test_wrong_digest_torn_and_foreign_archives(project, tmp_path):
    tree = snapshot.collect(project)
    packed = tmp_path / "a.tar.gz"
    snapshot.pack(tree, packed)
    whole = packed.read_bytes()
    for content, code in [
        (whole, "digest_mismatch"),
        (whole[: len(whole) // 2], "bad_archive"),
        (b"no archive", "bad_archive"),
        (b"", "bad_archive"),
        (gzip.compress(b"x" * 1000), "bad_archive"),
    ]:
        packed.write_bytes(content)
        with pytest.raises(SnapshotError) as caught:
            snapshot.unpack(packed, tmp_path / "out", "0" * 64)
        assert caught.value.code == code
        assert not (tmp_path / "out").exists()


def test_bomb_stops_early(tmp_path):
    member = tarfile.TarInfo("MLproject")
    member.size = 1024**3
    packed = tmp_path / "bomb.tar.gz"
    with gzip.open(packed, "wb", compresslevel=9) as out:
        out.write(member.tobuf())
        for _ in range(256):
            out.write(bytes(1024**2))
    with pytest.raises(SnapshotError) as caught:
        snapshot.unpack(packed, tmp_path / "out", "0" * 64)
    assert caught.value.code in ("file_too_large", "too_large")


def test_bomb_in_an_extended_header(tmp_path):
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 1024**3
    packed = tmp_path / "bomb.tar.gz"
    with gzip.open(packed, "wb", compresslevel=9) as out:
        out.write(header.tobuf())
        for _ in range(128):
            out.write(bytes(1024**2))
    with pytest.raises(SnapshotError) as caught:
        snapshot.unpack(packed, tmp_path / "out", "0" * 64)
    assert caught.value.code == "too_large"
