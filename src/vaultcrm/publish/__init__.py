"""Copies outputs to where they are read: a folder, a web host, an object store.

``places`` knows where and how files are written there, ``copying`` which ones. This package must not compute
anything; ``fsspec`` is imported here and nowhere else.
"""
