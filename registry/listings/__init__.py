"""Listings: seeds (シーズ) and needs (ニーズ), their review, publication and expiry."""
