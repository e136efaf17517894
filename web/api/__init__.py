"""`/v1`: events in, receipts out."""
