"""Events: exhibitions, meeting days, seminars and salons, with editions, exhibitors and meetings."""
