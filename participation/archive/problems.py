"""What can be wrong with an archive, each in one clear sentence for whoever sits at the terminal."""


class ArchiveProblem(Exception):
    """An archive cannot be written or read; the message is one sentence."""


class Damaged(ArchiveProblem):
    """What is in the file is not what was written into it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the archive is damaged or was changed: {what}")


class WrongKey(ArchiveProblem):
    """The archive cannot be opened with this key or passphrase."""
