"""Notifications: the outbox and its delivery. Knows addresses and texts, no people."""
