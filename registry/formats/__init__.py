"""File formats in and out: CSV, Excel, charts. Pure: bytes and values, no requests, no rows."""
