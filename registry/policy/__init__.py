"""Policy: the plan's tree of codes."""
