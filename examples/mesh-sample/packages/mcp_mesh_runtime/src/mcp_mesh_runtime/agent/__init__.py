"""The life of an agent: serving, membership in the mesh, and calls to others."""
