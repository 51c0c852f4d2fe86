"""Which encoding the bytes of a text are in: address books rarely say.

This module must not know what the text is about.
"""

from __future__ import annotations

import codecs

from vaultcrm.model.patterns import regex

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_LOOKED_AT = 4096
_RUN = regex(rb"[\x80-\xff]+")


def decoded_text(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding that it was read in.

    A byte order mark decides; else zero bytes (UTF-16), else whether it is UTF-8, else how the bytes beyond
    ASCII lie: those of Chinese come in pairs (GB18030), those of Western languages alone (Windows-1252).
    Nothing is refused: a byte that means nothing becomes U+FFFD.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace"), name
    head = data[:_LOOKED_AT]
    for codec, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > len(zeros) // 4 > others.count(0):
            return data.decode(codec, "replace"), "UTF-16"
    for codec, name in (("utf-8", "UTF-8"), *((("gb18030", "GB18030"),) if _comes_in_pairs(data) else ())):
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace"), "Windows-1252"


def _comes_in_pairs(data: bytes) -> bool:
    lengths = [len(run) for run in _RUN.findall(data)]
    return 2 * sum(length for length in lengths if length > 1) > sum(lengths)
