"""Suggestions (候補): the one user of the matching engine's door."""
