"""Requests that were answered before."""
