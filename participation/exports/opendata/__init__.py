"""What everybody may download about a process: its public data as files, with a licence and a record for catalogues."""
