"""Bringing data in, looking at it, seeing what it is used for."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.protocol import PART_SIZE
from tests.browser.portal import Visitor
from tests.integration.harness import Lab

DATA = Path(__file__).resolve().parents[1] / "data"
Visit = Callable[..., Visitor]
RESIDUES = bytes(b"ACDEFGHIKLMNPQRSTVWY"[byte % 20] for byte in range(256))
BROKEN = b">a\nMKVLA\n>b\nMK1L\n>a\nMKVLL\n>d\nMKVLA\n"


def choose_file(visitor: Visitor, name: str, content: bytes) -> None:
    visitor.goto("/data", "Data")
    visitor.button("Upload data").first.click()
    visitor.page.get_by_label("Drop a file here").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def test_a_table_whose_columns_have_other_names(lab: Lab, visit: Visit) -> None:
    visitor = visit("ana")
    page = visitor.page
    choose_file(visitor, "amyloid.csv", (DATA / "amyloid.csv").read_bytes())
    expect(page.get_by_label("First rows of the file").get_by_text("training").first).to_be_visible()
    visitor.button("Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("line 1: No column is called 'sequence'")
    visitor.choose("Sequence", "x")
    visitor.choose("Label", "y")
    visitor.button("Try again").click()
    visitor.heading("amyloid")
    expect(page.get_by_text("Sequence: x · Label: y")).to_be_visible()
    expect(page.get_by_role("list", name="Labels").get_by_role("listitem").first).to_be_attached()
    assert lab.member.datasets.get("amyloid").latest.columns.target == "y"
    visitor.tab("Split and leakage")
    expect(page.get_by_role("link", name="Split it in a job")).to_be_visible()


def test_a_broken_file_is_refused_by_line_and_taken_without_its_faults(lab: Lab, visit: Visit) -> None:
    """In Chinese, the master's own sentences included."""
    visitor = visit("ana", language="zh")
    page = visitor.page
    visitor.goto("/data", "数据")
    visitor.button("上传数据").first.click()
    file = {"name": "broken.fasta", "mimeType": "application/octet-stream", "buffer": BROKEN}
    page.get_by_label("将文件拖到这里").set_input_files(file)
    page.get_by_role("dialog").get_by_role("button", name="上传", exact=True).click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("序列中含有不是氨基酸残基的字符")
    expect(refusal).to_contain_text("第 4 行：'1' 不是残基：可用 20 种标准字母")
    expect(refusal).not_to_contain_text(re.compile("residue|line|upload"))
    visitor.button("去掉有问题的记录后上传").click()
    visitor.heading("broken")
    expect(page.get_by_text("4 条记录中保留了 2 条")).to_be_visible()
    visitor.tab("记录")
    expect(page.get_by_role("row")).to_have_count(3)
    visitor.button("完整显示 a_2").click()
    expect(page.get_by_role("dialog")).to_contain_text("MKVLL")


def test_a_large_file_goes_on_where_it_stopped_after_a_break_and_a_reload(
    lab: Lab, visit: Visit, tmp_path: Path
) -> None:
    """17 MB by default, which are two parts; `PROTEINX_TEST_UPLOAD_MB=500` for the long form."""
    file = tmp_path / "measured.fasta"
    with file.open("wb") as target:
        for number in range(int(os.environ.get("PROTEINX_TEST_UPLOAD_MB", "17"))):
            target.write(b">protein%d\n%s\n" % (number, os.urandom(1024**2).translate(RESIDUES)))
    parts = -(-file.stat().st_size // PART_SIZE)
    visitor = visit("ana")
    page = visitor.page
    sent: list[int] = []
    kept_back = {parts // 2}

    def pass_on(route: Route) -> None:
        number = int(route.request.url.rpartition("/")[2])
        if number in kept_back:
            return route.abort()
        sent.append(number)
        return route.continue_()

    page.route("**/parts/*", pass_on)

    def upload() -> None:
        visitor.goto("/data", "Data")
        visitor.button("Upload data").first.click()
        page.get_by_label("Drop a file here").set_input_files(file)
        visitor.button("Upload").click()

    upload()
    expect(page.get_by_text("The server does not answer", exact=False).first).to_be_visible(timeout=120_000)
    assert sent == list(range(parts // 2))
    page.reload()  # it tries no more from here on
    kept_back.clear()
    upload()
    visitor.heading("measured")
    assert sent == list(range(parts)), "no part is sent twice"
    found = lab.member.datasets.get("measured").latest.files[0]
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_pasted_sequences_make_a_second_version(lab: Lab, visit: Visit) -> None:
    lab.member.datasets.upload("pasted", DATA / "pab1_wt.fasta")
    visitor = visit("ana")
    visitor.goto("/data/pasted", "pasted")
    visitor.button("New version").click()
    visitor.button("Paste instead").click()
    visitor.page.get_by_label("Sequences in FASTA format").fill(">p1\nMKVLAAGG\n>p2\nMKVL")
    visitor.button("Next").click()
    visitor.button("Upload").click()
    expect(visitor.page.get_by_text("Version 2 (newest)")).to_be_visible()
    visitor.tab("Versions")
    expect(visitor.page.get_by_role("table", name="Versions").get_by_text("Uploaded")).to_have_count(2)


def test_from_a_bar_or_a_finding_to_its_records(lab: Lab, visit: Visit) -> None:
    lab.member.datasets.upload("meltome", DATA / "meltome_full_task.csv")
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/data/meltome", "meltome")
    page.get_by_role("link", name="Show the record on line 12").first.click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last.get_by_role("cell").last).to_have_text("12")
    visitor.button("Remove the filter: Lines of a finding").click()
    expect(page.get_by_text("30 of 30")).to_be_visible()
    visitor.tab("Quality")
    page.get_by_role("list", name="Lengths").get_by_role("button").first.click()
    expect(visitor.button(re.compile("Remove the filter: Length 174–"))).to_be_visible()
    page.get_by_label("Id or part of a sequence").fill("no such thing")
    expect(page.get_by_text("No record matches.")).to_be_visible()


def test_an_alignment_and_a_structure(lab: Lab, visit: Visit) -> None:
    lab.member.datasets.upload("globins", DATA / "globins45.ali.gz")
    lab.member.datasets.upload("fibril", DATA / "2BEG.pdb.gz")
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/data/globins?tab=alignment", "globins")
    grid = page.get_by_role("region", name="Alignment")
    expect(grid.get_by_text("MYG_HORSE")).to_be_visible()
    page.get_by_label("Go to column").fill("100")
    page.get_by_label("Go to column").press("Enter")
    expect(grid.get_by_text("110", exact=True)).to_be_visible()

    visitor.goto("/data/fibril?tab=structure", "fibril")
    stage = page.get_by_role("region", name=re.compile("^3D view of 2BEG.*: 5 chains, 130 residues"))
    expect(stage.locator("canvas")).to_be_visible()
    visitor.button("Show chain A alone").click()
    visitor.choose("Colour by", "secondary structure")
    stage.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("table", name="Chain").get_by_text("16 of 42").first).to_be_visible()


def test_without_webgl_the_structure_is_told_in_words(lab: Lab, visit: Visit) -> None:
    lab.member.datasets.upload("fibril", DATA / "2BEG.pdb.gz")
    visitor = visit("ana")
    visitor.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visitor.goto("/data/fibril?tab=structure", "fibril")
    expect(visitor.page.get_by_text("WebGL is off")).to_be_visible()
    expect(visitor.page.get_by_role("table", name="Chain").get_by_role("row")).to_have_count(6)


def test_deleting_tells_what_depends_on_it(lab: Lab, visit: Visit) -> None:
    lab.member.datasets.upload("wanted", DATA / "gb1_three_vs_rest.csv")
    request = JobCreate(project="protein", inputs={"data": "wanted"}, resources=Resources(cpus=1, memory=GIB // 4))
    job = lab.member.jobs.create(request)
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/data/wanted?tab=usage", "wanted")
    expect(page.get_by_role("table", name="Jobs that use it").get_by_role("row")).to_have_count(2)
    visitor.button("Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 jobs that are not over use it")).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    lab.member.jobs.cancel(job.id)
    page.reload()
    visitor.button("Delete").click()
    expect(dialog.get_by_text("1 finished jobs used it")).to_be_visible()
    dialog.get_by_label("Type wanted to confirm").fill("wanted")
    dialog.get_by_role("button", name="Delete").click()
    visitor.heading("Data")
    expect(page.get_by_role("link", name="wanted")).to_have_count(0)
