"""Factories that mirror the rooms: a test names only the fields it is about."""
