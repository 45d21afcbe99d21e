"""Intake: enquiries and requests, the directory of creators, surveys (受付)."""
