"""Prints the time, a thousand lines a second for 30 seconds, in bursts of ten as a busy program does."""

import time

BURST = 10
begin = time.monotonic()
for number in range(3000):
    print("\n".join(f"said at {time.time()!r}" for _ in range(BURST)), flush=True)
    time.sleep(max(0.0, begin + (number + 1) * BURST / 1000 - time.monotonic()))
