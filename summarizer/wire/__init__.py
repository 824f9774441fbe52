"""One wire: everything between the toolkit and a model provider is an HTTP exchange."""
