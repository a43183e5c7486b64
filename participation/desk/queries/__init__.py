"""Reading what each desk page shows; one module per page."""
