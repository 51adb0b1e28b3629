"""MLflow's doors to the platform: the project backend `proteinx`, and the sign-in for MLflow's own client.

MLflow loads the second in every process that uses a tracking server, so nothing heavy is imported here.
"""
