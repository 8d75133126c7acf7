"""What is trained, one recipe a file, found by the name of the file."""
