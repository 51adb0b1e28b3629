"""Numbers and names that both ends of a connection must agree on."""

from typing import Final

PROTOCOL: Final = 2
"""Sent with every register, heartbeat and claim; a master refuses older ones with 426."""

PART_SIZE: Final = 16 * 1024 * 1024
"""Bytes of one part of a resumable upload; every part but the last has this size."""

LOG_CHUNK_LIMIT: Final = 1024 * 1024
"""Bytes of one log append at most."""

IDLE_CONNECTION_SECONDS: Final = 2.0
"""How long a client keeps a connection that nobody uses: less than any server does (uvicorn 5 s), since a call sent at
the moment when the server closes it is lost, and can't be told from one that arrived."""

USER_TOKEN: Final = "px_u"
NODE_TOKEN: Final = "px_n"
JOIN_TOKEN: Final = "px_w"
JOB_TOKEN: Final = "px_j"
SETUP_TOKEN: Final = "px_s"
"""Tokens read `<prefix>_<id>_<secret>`; the master stores only a SHA-256 of the secret."""

SESSION_COOKIE: Final = "proteinx_session"
"""Browser sign-in; `__Host-` is put before it where the portal is served over TLS."""

HEADER_SHA256: Final = "X-Content-SHA256"
