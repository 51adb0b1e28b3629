"""The master: keeps whatever must not be lost, and decides what runs where."""
