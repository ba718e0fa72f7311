"""One generated field, one loader: the plain way, and the reference for the compiled one."""
