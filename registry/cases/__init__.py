"""Cases (マッチング): from introduction to outcome."""
