"""Tables in and out: imports with a dry run, exports of what is on screen, lossless transfer."""
