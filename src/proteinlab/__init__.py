"""The science: data processing and the training engine. Knows nothing of the platform."""
