"""MLflow: the tracking server's process, a client for the master's own use, and the proxy. The only mlflow import."""
