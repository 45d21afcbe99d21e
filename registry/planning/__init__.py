"""Planning: the pages of the policy tree, its indicators, targets, readings and remarks."""
