"""The organizations room."""
