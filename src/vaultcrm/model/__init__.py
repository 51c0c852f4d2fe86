"""Values that everything else speaks in: frozen, without behaviour that touches the world."""
