"""The store: the vault's files on disk, the cache of what they said, and the lock.

Only here are notes read and files written. What the notes mean is decided in ``parse``; the store must not
know it.
"""
