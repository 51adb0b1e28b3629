"""Structures from the Protein Data Bank: chains, missing residues, maps, angles, surfaces, secondary structure."""

import csv
import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from Bio.PDB import PDBParser
from Bio.PDB.Polypeptide import PPBuilder
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.preprocess.engine import preprocess
from proteinlab.biodata.quality import report
from proteinlab.biodata.structures.geometry import contact_map, dihedrals, distance_map
from proteinlab.biodata.structures.reading import Structure, read_structure
from proteinlab.biodata.structures.secondary import secondary_structure
from proteinlab.biodata.structures.surface import accessibility
from proteinlab.training.samples import Samples, read_samples

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests/data"


def unpacked(name: str) -> str:
    with gzip.open(DATA / f"{name}.gz", "rt") as text:
        return text.read()


def read(folder: Path, name: str, text: str) -> Structure:
    path = folder / name
    path.write_text(text)
    return read_structure(path)


def test_pdb_and_mmcif_of_one_entry_say_the_same() -> None:
    pdb, mmcif = read_structure(DATA / "1A8O.pdb.gz"), read_structure(DATA / "1A8O.cif.gz")
    (one,), (other,) = pdb.chains, mmcif.chains
    assert one.sequence == other.sequence
    assert one.sequence.startswith("MDIRQG")  # the first M is selenomethionine
    assert (len(one), one.full_sequence, one.numbers[0]) == (70, one.sequence, "151")
    assert np.allclose(one.backbone, other.backbone, equal_nan=True)
    assert not np.isnan(one.backbone).any()
    assert one.bonded.all()


def test_missing_residues_stand_in_the_full_sequence() -> None:
    for chain in read_structure(DATA / "2BEG.pdb.gz").chains:
        assert chain.full_sequence == "DAEFRHDSGYEVHHQKLVFFAEDVGSNKGAIIGLMVGGVVIA"
        assert chain.missing.tolist() == list(range(16))
        assert "".join(chain.full_sequence[at] for at in chain.positions.tolist()) == chain.sequence
    (chain,) = read_structure(DATA / "3JQH.cif.gz").chains
    assert (len(chain), len(chain.full_sequence), len(chain.missing)) == (23, 170, 147)


def test_a_gap_inside_is_a_break(tmp_path: Path) -> None:
    lines = [
        line
        for line in unpacked("1A8O.pdb").splitlines()
        if not (line.startswith(("ATOM", "HETATM")) and 170 <= int(line[22:26]) <= 172)
    ]
    (chain,) = read(tmp_path, "gap.pdb", "\n".join(lines)).chains
    assert chain.missing.tolist() == [19, 20, 21]
    assert np.flatnonzero(~chain.bonded).tolist() == [18]
    assert np.isnan(dihedrals(chain)[18, 1:]).all()
    assert np.isnan(dihedrals(chain)[19, 0])
    assert len(secondary_structure([chain])[chain.name]) == len(chain)


def test_insertion_codes_stay_in_order() -> None:
    structure = read_structure(DATA / "1GBT.cif.gz")
    (chain,) = structure.chains
    at = chain.numbers.index("184A")
    assert chain.numbers[at - 2 : at + 2] == ("183", "184", "184A", "185")
    assert structure.insertion_codes == sum(number[-1].isalpha() for number in chain.numbers) == 4


def renumbered(text: str, numbers: dict[int, str]) -> str:
    """A PDB file with other residue numbers (four columns and one for the insertion code)."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line.startswith(("ATOM", "HETATM")) and int(line[22:26]) in numbers:
            lines[at] = f"{line[:22]}{numbers[int(line[22:26])]}{line[27:]}"
    return "\n".join(lines)


def test_insertion_codes_in_any_order_are_residues_of_their_own(tmp_path: Path) -> None:
    """Antibody and trypsin numberings insert before as well as after the residue that they count from."""
    text = unpacked("1A8O.pdb")
    (whole,) = read_structure(DATA / "1A8O.pdb.gz").chains
    mixed = renumbered(text, {170: " 173A", 171: " 173B", 172: " 173 ", 173: " 173C"})
    structure = read(tmp_path, "mixed.pdb", mixed)
    (chain,) = structure.chains
    assert chain.numbers[18:24] == ("169", "173A", "173B", "173", "173C", "174")
    assert (chain.sequence, structure.insertion_codes) == (whole.sequence, 3)
    assert np.allclose(chain.c_alpha, whole.c_alpha)
    assert chain.bonded.all()


def test_a_chain_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many programs write their models."""
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    lines = unpacked("1A8O.pdb").splitlines()
    path = tmp_path / "model 1.pdb"
    path.write_text("\n".join(f"{line[:21]} {line[22:]}" for line in lines if line.startswith(("ATOM", "HETATM"))))
    run(tmp_path / "out", f"data.path='{path}'")
    with gzip.open(tmp_path / "out/datasets/processed/data.csv.gz", "rt") as text:
        (row,) = csv.DictReader(text)
    assert (row["id"], len(row["sequence"])) == ("model_1", 70)
    assert (tmp_path / "out/datasets/processed/arrays/model_1.npz").is_file()


def test_alternative_places_are_counted() -> None:
    structure = read_structure(DATA / "3JQH.cif.gz")
    assert structure.alternatives == 4
    assert structure.notes


def test_distances_and_contacts() -> None:
    (chain,) = read_structure(DATA / "1A8O.pdb.gz").chains
    distances = distance_map(chain.c_alpha)
    assert np.allclose(distances, distances.T)
    assert np.diag(distances, 1) == pytest.approx(3.8, abs=0.15)  # neighbours, by a trans peptide bond
    expected = np.linalg.norm(chain.c_alpha[3].astype(float) - chain.c_alpha[50].astype(float))
    assert distances[3, 50] == pytest.approx(expected, rel=1e-5)
    contacts = contact_map(distances)
    assert contacts[3, 50] == (expected < 8)
    assert np.diag(contacts).all()


def test_angles_are_those_that_biopython_computes(tmp_path: Path) -> None:
    path = tmp_path / "x.pdb"
    path.write_text(unpacked("2BEG.pdb"))
    model = next(iter(PDBParser(QUIET=True).get_structure("x", path)))
    (peptide,) = PPBuilder().build_peptides(model["A"])
    expected = np.degrees([[phi or np.nan, psi or np.nan] for phi, psi in peptide.get_phi_psi_list()])
    found = dihedrals(read_structure(path).chains[0])
    assert np.allclose(found[:, :2], expected, atol=1e-2, equal_nan=True)
    assert np.abs(found[:-1, 2]).min() > 150  # all peptide bonds are trans


def dssp(name: str) -> dict[str, tuple[str, list[int]]]:
    """By chain the states (H, E, -) and accessibilities that the DSSP program gave."""
    states: dict[str, tuple[str, list[int]]] = {}
    for line in unpacked(name).split("  #  RESIDUE")[1].splitlines()[1:]:
        if line[13] != "!":
            state = "H" if line[16] in "HGI" else "E" if line[16] in "EB" else "-"
            before = states.get(line[11], ("", []))
            states[line[11]] = before[0] + state, [*before[1], int(line[34:38])]
    return states


def test_secondary_structure_and_surface_agree_with_dssp() -> None:
    structure = read_structure(DATA / "2BEG.pdb.gz")
    expected, found = dssp("2BEG.dssp"), secondary_structure(structure.chains)
    surfaces = accessibility(structure)
    same = [a == b for name in expected for a, b in zip(expected[name][0], found[name], strict=True)]
    assert np.mean(same) > 0.85
    theirs = np.concatenate([expected[name][1] for name in expected])
    ours = np.concatenate([surfaces[name].absolute for name in expected])
    assert np.corrcoef(theirs, ours)[0, 1] > 0.98
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.05)
    assert (
        surfaces["C"].absolute.sum() < 0.5 * surfaces["A"].absolute.sum()
    )  # the middle strand is buried by the others


def test_helices_are_found() -> None:
    structure = read_structure(DATA / "1A8O.pdb.gz")
    states = secondary_structure(structure.chains)["A"]
    assert states[10:23].count("H") >= 12  # helix 1 of the capsid's C-terminal domain: residues 161 to 174
    relative = accessibility(structure)["A"].relative
    assert 0 <= np.nanmin(relative) < 0.05
    assert np.nanmax(relative) < 1.4


def test_what_has_no_protein_or_cannot_be_read(tmp_path: Path) -> None:
    text = unpacked("1LCD.pdb")
    assert [chain.name for chain in read_structure(DATA / "1LCD.pdb.gz").chains] == ["A"]
    dna = "\n".join(
        line for line in text.splitlines() if not (line[:6].strip() in {"ATOM", "HETATM", "TER"} and line[21:22] == "A")
    )
    with pytest.raises(DataError, match=r"no chain of amino acids: it has D?A, .*Give one with a protein") as caught:
        read(tmp_path, "dna.pdb", dna)
    assert caught.value.code == "no_protein_chain"
    broken = text.replace("  23.", "  2x.", 50)
    with pytest.raises(DataError) as caught:
        read(tmp_path, "broken.pdb", broken)
    assert caught.value.code == "bad_structure"
    with pytest.raises(DataError, match="over 100: give its chains") as caught:
        read_structure(DATA / "1A8O.pdb.gz", most_atoms=100)
    assert caught.value.code == "structure_too_large"
    with pytest.raises(DataError, match=r"it has: .*acp.csv.*Name the file") as caught:
        training_samples(DATA)
    assert caught.value.code == "no_data_file"
    with pytest.raises(DataError) as caught:
        read_structure(DATA / "pab1.csv")
    assert caught.value.code == "not_a_structure"


def run(output: Path, *overrides: str) -> dict:
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        cfg = compose("preprocess", [f"output_dir={output}", "workers=1", "preprocess=structures", *overrides])
    return preprocess(cfg)


def training_samples(folder: Path, **columns: str) -> Samples:
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        cfg = compose("train", [f"data.path={folder}"])
    data = {**OmegaConf.to_container(cfg.data), "columns": columns}
    del data["_target_"]
    return read_samples(**data)


def test_a_folder_of_structures_as_a_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "entries"
    folder.mkdir()
    for name in ("1A8O.pdb.gz", "1A8O.cif.gz", "1GBT.cif.gz", "2BEG.pdb.gz", "README.md"):
        shutil.copy(DATA / name, folder)
    run(tmp_path / "out", f"data.path={folder}")
    made = tmp_path / "out/datasets/processed"
    with gzip.open(made / "data.csv.gz", "rt") as text:
        rows = {row["id"]: row for row in csv.DictReader(text)}
    assert set(rows) == {"1A8O_A", "1A8O_A_2", "1GBT_A", *(f"2BEG_{chain}" for chain in "ABCDE")}
    with np.load(made / "arrays/1GBT_A.npz") as arrays:
        count = len(rows["1GBT_A"]["sequence"])
        assert str(arrays["sequence"]) == rows["1GBT_A"]["sequence"]
        assert arrays["distances"].shape == (count, count)
        assert np.array_equal(arrays["contacts"], arrays["distances"] < 8)
        assert arrays["dihedrals"].shape == (count, 3)
        assert len(arrays["accessibility"]) == len(str(arrays["secondary"])) == count
    samples = training_samples(made, target="secondary", id="id")
    assert samples.path == made / "data.csv.gz"
    assert [len(labels) for labels in samples.targets] == [len(text) for text in samples.sequences]
    notes = json.loads((tmp_path / "out/split.json").read_text())
    assert notes["structures"]["1GBT.cif.gz"]["insertion_codes"] == 4
    (folder / "bad.pdb").write_text("HEADER\nATOM      1  N   GLY A   x\n")
    with pytest.raises(DataError, match=r"bad\.pdb: "):
        run(tmp_path / "no", f"data.path={folder}")
    notes = run(tmp_path / "two", f"data.path={folder}", "preprocess.steps.structures.skip_bad=true")
    assert list(notes["skipped"]) == ["bad.pdb"]


@pytest.mark.parametrize("form", ["zip", "gztar"])
def test_an_archive_of_structures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "entries" / "of 2026"
    folder.mkdir(parents=True)
    for name in ("1A8O.pdb.gz", "3JQH.cif.gz"):
        shutil.copy(DATA / name, folder)
    archive = Path(shutil.make_archive(str(tmp_path / "entries"), form, tmp_path / "entries"))
    assert report(archive).kind == "file"  # as it is uploaded
    run(tmp_path / "out", f"data.path='{archive}'")
    with gzip.open(tmp_path / "out/datasets/processed/data.csv.gz", "rt") as text:
        assert {row["id"] for row in csv.DictReader(text)} == {"1A8O_A", "3JQH_A"}
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(DataError) as caught:
        run(tmp_path / "no", f"data.path='{archive}'")
    assert caught.value.code in {"bad_archive", "not_a_structure", "truncated_gzip"}
