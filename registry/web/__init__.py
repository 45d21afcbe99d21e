"""Web: Flask glue without any feature's word."""
