"""Places: rooms, desks, labs, machines, halls and land, who holds them, and when they are free."""
