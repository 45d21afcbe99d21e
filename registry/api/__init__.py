"""The API: the rooms' records for programs, in JSON, under the same rules as the pages."""
