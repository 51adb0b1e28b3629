"""Live data: one hub in the process, one WebSocket for each page."""
