"""HTTP SDK of the master, for the command, the agent, plugins and notebooks.

from proteinx.client import connect

with connect() as master:            # PROTEINX_URL and PROTEINX_TOKEN, or what `px login` stored
    job = master.jobs.create(JobCreate(project="protein", inputs={"data": "gb1"}))
"""

from proteinx.client.client import Client, connect
from proteinx.client.errors import ApiError, MasterUnreachable, TransferError

__all__ = ["ApiError", "Client", "MasterUnreachable", "TransferError", "connect"]
