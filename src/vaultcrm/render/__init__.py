"""An overview becomes files and screens: dashboard, feed, export, terminal. Nothing is computed here."""
