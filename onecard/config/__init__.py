"""The fuse box: settings, addresses, and the one place that says which parts this house runs on."""
