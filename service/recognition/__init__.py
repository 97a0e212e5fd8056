"""That two reports may be about one person: by keyed tags of what was told, without knowing who anybody is."""
