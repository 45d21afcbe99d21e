"""Musubi: the registry that ties companies, universities and support programs together."""
