"""The command `registry`: what an office's administrator types."""

from registry.cli.main import main

__all__ = ["main"]
