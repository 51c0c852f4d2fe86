"""vaultcrm: keeps clients from falling silent, out of the notes that one writes anyway."""

__version__ = "0.1.0"
