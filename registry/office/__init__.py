"""Office: what one installation's office decides for itself, changeable while running."""
