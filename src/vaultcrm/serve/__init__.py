"""Serves the feeds over HTTP, for calendar programs that subscribe to them: a door.

It answers from memory, and is worth nothing to who does not know an address. This package must not compute
anything; ``uvicorn`` and ``starlette`` are imported here and nowhere else.
"""
