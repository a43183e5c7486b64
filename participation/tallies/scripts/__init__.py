"""Programs for readers, who run them on their own machines; nothing here imports them."""
