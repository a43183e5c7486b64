"""What happened and what follows from it: append-only log, outbox of events, queue of long jobs."""
