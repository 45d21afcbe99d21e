"""Accounts: people who sign in, their role, second factor and sessions."""
