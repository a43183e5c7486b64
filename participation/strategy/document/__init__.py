"""The living document of a process: which statements hold, in which order, and what changed between versions."""
