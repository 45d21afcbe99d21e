"""Files of records (添付): safe storage, limits, delivery. Which record, and who sees it, say the rooms above."""
