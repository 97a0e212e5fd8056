"""Reads a folder of rules whole, or refuses it whole with every mistake of every file."""
