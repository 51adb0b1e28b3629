"""How alike sequences are: identity, nearest relatives, clusters."""
