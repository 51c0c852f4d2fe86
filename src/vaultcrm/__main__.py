"""``python -m vaultcrm``."""

from vaultcrm.entry import main

main()
