"""The command line of the Python packages."""
