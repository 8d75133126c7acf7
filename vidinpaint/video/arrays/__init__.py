"""Arrays in memory as clips: reading them, and keeping results in one."""
