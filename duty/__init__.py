"""What needs a person: which incidents, whom it reaches, and what was done about it."""
