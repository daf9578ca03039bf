"""The reference registry: FastAPI over SQLite."""
