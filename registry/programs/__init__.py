"""Programs (支援制度) and what organizations have in them (enrolments, 申込・採択)."""
