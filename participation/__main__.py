"""``python -m participation``: the command line."""

from participation.commands import main

if __name__ == "__main__":
    main()
