"""Digests: what each person hears by mail when nothing forces it: a day's work, a month's support."""
