"""Time stamps of packets: what is wrong with a file's, and how they are corrected."""
