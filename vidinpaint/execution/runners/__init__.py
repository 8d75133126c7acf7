"""Runners: serial, threads, processes and Ray; they compute the windows of a clip and give the same pixels."""
