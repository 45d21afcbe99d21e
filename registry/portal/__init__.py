"""Portal: pages that gather rooms."""
