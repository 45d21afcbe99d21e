"""Reports: the monthly match report."""
