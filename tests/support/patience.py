"""How long a test waits before it calls something hung."""

HANG_S = 30.0
"""Seconds of this process: no measurement. What is linear takes a hundredth; what is not, minutes."""
