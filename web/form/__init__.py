"""The page that posts report with, on a phone or a laptop, with the line cut or not."""
