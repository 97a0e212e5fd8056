"""Partners are asked for what was decided; they answer, stay silent, or hear that it is taken back."""
