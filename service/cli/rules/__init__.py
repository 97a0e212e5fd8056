"""The commands about rules, one file each; nothing is stored and nobody is told."""
