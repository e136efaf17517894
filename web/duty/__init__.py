"""The officers' pages: the line, the incidents, what is done about each, and the runbooks."""
