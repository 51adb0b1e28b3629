"""Ignores TERM, and has a grandchild in a session of its own that ignores it too."""

import signal
import subprocess
import sys
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) == 1:
    child = subprocess.Popen([sys.executable, __file__, "grandchild"], start_new_session=True)
    print(f"grandchild {child.pid}", flush=True)
while True:
    time.sleep(0.2)
