"""landalloc: from a scenario to a certified, ranked allocation plan.

This is the short public door. What is behind it is imported when it is first asked for, so that
`landalloc --help` need not wait for a solver.
"""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("landalloc")
    raise AttributeError(f"module 'landalloc' has no attribute {name!r}")
