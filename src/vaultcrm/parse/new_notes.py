"""The text of notes that vaultcrm makes, through python-frontmatter with a handler of our own.

Only new notes are written so: a note that exists is edited as lines, since no YAML writer keeps what a person
typed. Reading does not come here, for python-frontmatter is slow to import; the handler delegates to
``parse.frontmatter`` and ``parse.yaml_text``. This module must not know which properties a kind of note has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from vaultcrm.parse.frontmatter import read_block, split_text
from vaultcrm.parse.yaml_text import block_text


class VaultHandler(BaseHandler):
    """python-frontmatter's way in and out, by Obsidian's rule and with places.

    ``load`` gives each name its first `Property`, as it was typed; what cannot be read is left out.
    """

    FM_BOUNDARY = re.compile(r"---[ \t]*$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        """Whether the text begins with a closed block."""
        return split_text(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Front matter and body; raises ValueError where there is no closed block, as the library expects."""
        parts = split_text(text)
        if parts is None:
            raise ValueError("no front matter")
        return parts

    def load(self, fm: str) -> dict[str, Any]:
        """The properties by name; the first of equal names."""
        found: dict[str, Any] = {}
        for each in read_block("", fm)[0]:
            found.setdefault(each.name, each)
        return found

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Properties as YAML, in their order, each line ended."""
        return block_text(metadata)

    def format(self, post: frontmatter.Post, **kwargs: object) -> str:
        """The whole note."""
        return f"---\n{self.export(post.metadata)}---\n{post.content}"


def new_note(properties: Mapping[str, object], body: str) -> str:
    """The text of a new note, as `yaml_text.note_text` gives it too."""
    post = frontmatter.Post(body, VaultHandler())
    post.metadata.update(properties)  # keywords of Post would refuse the names content and handler
    return frontmatter.dumps(post)
