"""HTTP: the door that posts report through, and the page they report with."""
