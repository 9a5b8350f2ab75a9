"""What our own processes do before they import anything that takes long."""

from __future__ import annotations

import sys


def leave_out_grammars() -> None:
    """Keeps jsonschema, which nbformat imports, from compiling a grammar of IRIs: that takes seconds.

    No schema that we read asks for an IRI, and jsonschema does without where the import fails
    (python-jsonschema/jsonschema#1428). For processes of ours alone: in another's it would be missed.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
