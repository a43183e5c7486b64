"""What people look at: figures and plots over everything that happens in a process."""
