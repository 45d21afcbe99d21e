"""Demo: the plan's facts and invented examples as data files, and their loader."""
