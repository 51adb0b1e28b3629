"""Does nothing, and says so."""

print("done")
