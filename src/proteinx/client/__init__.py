"""HTTP SDK of the master, for the command, the agent, plugins and notebooks."""
