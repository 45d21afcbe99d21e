"""Encounters (相談・訪問・派遣): the only record of each."""
