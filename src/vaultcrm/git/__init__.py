"""In git: outputs that are those of exactly the notes committed, merges that make them anew, and the past."""
