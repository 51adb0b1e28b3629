"""Prints the time, 20 lines a second for 15 seconds."""

import time

for _ in range(300):
    print(f"said at {time.time()!r}", flush=True)
    time.sleep(0.05)
