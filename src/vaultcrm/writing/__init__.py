"""Notes that are made or changed because somebody asked: new ones, contacts noted down, follow-ups ticked."""
