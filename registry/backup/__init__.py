"""Backup: the whole installation in one portable file, and back into an empty one."""
