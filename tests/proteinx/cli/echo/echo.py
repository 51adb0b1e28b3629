"""A job without any library: prints its data, leaves a file, ends as it is told."""

import os
import sys
import time
from pathlib import Path

data, exit_code, wait_for = sys.argv[1:]
lines = Path(data).read_text().splitlines()
print(f"回声 {len(lines)} lines of {Path(data).name}", flush=True)
out = Path(os.environ["PROTEINX_OUTPUT_DIR"])
(out / "deep").mkdir(exist_ok=True)
(out / "deep" / "长度.txt").write_text("\n".join(str(len(line)) for line in lines))
deadline = time.monotonic() + 120
while wait_for and not Path(wait_for).exists() and time.monotonic() < deadline:
    time.sleep(0.05)
sys.exit(int(float(exit_code)))
