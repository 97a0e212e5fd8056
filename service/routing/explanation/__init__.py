"""Explains a decision: which row decided on which ground, what mattered, what would change it, and what never did.

It knows rules and facts, and decides again where that proves something; who asks, and who may, it does not know.
"""
