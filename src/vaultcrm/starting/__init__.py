"""A new vault, and one that is there already: what is put into it, and what its notes are taken for."""
