"""People: accounts, sign-in, the Actor every service gets, and the guard in front of every route."""
