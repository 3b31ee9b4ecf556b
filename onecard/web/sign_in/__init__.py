"""The door for people who work here: password, one-time code, lockout, idle time, who may enter."""
