"""What the tests share: running the command line, vaults, expectations, sessions."""
