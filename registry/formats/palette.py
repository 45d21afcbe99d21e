"""Colours of figures: a need is blue, a seed teal, the rest distinct from both and in greys."""

NEED = "#0017c1"
SEED = "#006173"
NEUTRAL = "#767676"

# In order of use; each has at least 3:1 against white.
SERIES = (NEED, SEED, "#949494", "#c74700", "#3460fb", "#008da6", "#7a3ea8", "#8b3200")

TEXT = "#333333"
GRID = "#e6e6e6"
AXIS = "#4d4d4d"
