"""Each code that a person may meet stands in the documentation."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = re.compile(r'(?:DataError|Finding|\.finding)\(\s*"([a-z0-9_]+)"')


def test_every_code_is_documented() -> None:
    sources = (ROOT / "src/proteinlab/biodata").rglob("*.py")
    codes = {code for source in sources for code in CODE.findall(source.read_text())}
    assert {"illegal_residue", "sentinel_label", "train_test_overlap"} <= codes
    text = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    assert sorted(code for code in codes if f"`{code}`" not in text) == []
