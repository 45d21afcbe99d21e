"""One file for each kind of table: its columns and what is stored of its rows."""
