"""What every room shares: errors, roles, the viewer, calendar, folding, identifiers."""
