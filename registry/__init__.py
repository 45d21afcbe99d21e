"""Musubi: the registry that ties companies, universities and support programs together."""

import os

# Before numpy is loaded: its threads wait for one another by spinning, which makes the small
# products of the engine about ten times slower on a machine with other work. An office's own
# setting stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
