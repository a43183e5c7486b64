"""Imprint, privacy notice and rules of conduct: versions by process and language, and who agreed to which."""
