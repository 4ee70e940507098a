"""python3 -m unittest discover: the client against the protocol's test vectors, and against a node."""
