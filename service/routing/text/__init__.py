"""The text of rule files: YAML 1.2 with its lines, entries of known shape, and mistakes that say what was meant."""
