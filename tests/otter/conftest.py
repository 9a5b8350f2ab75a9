"""The installed otter, imported once: what it imports warns of deprecations, and our tests forbid that."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import otter.api  # noqa: F401
