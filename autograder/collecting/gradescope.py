"""Gradescope's export: `assignment_N_export/submission_M/...` and a file that tells whose each one is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from autograder.collecting.archives import Contents, Entry, Unreadable
from autograder.collecting.attempt import HandIn, Sorted, Stray, Who, latest, without_wrapper
from autograder.errors import UsageError
from autograder.settings import MIB

METADATA = "submission_metadata.yml"
MAX_METADATA = 64 * MIB
MAX_NESTING = 40
MAX_SUBMITTERS = 100  # of one submission


def recognises(contents: Contents) -> bool:
    return any(entry.parts[-1] == METADATA and len(entry.parts) <= 2 for entry in contents.entries)


def sort_out(contents: Contents) -> Sorted:
    """The export's submissions. Raises UsageError where its metadata cannot be read."""
    found = Sorted(refused=contents.refused)
    folders: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    metadata: Entry | None = None
    for parts, entry in without_wrapper(contents):
        if parts == (METADATA,):
            metadata = entry
        elif len(parts) > 1:
            folders[parts[0]]["/".join(parts[1:])] = entry
        else:
            found.strays.append(Stray(f"{contents.name}: {entry.path}", "in no submission's folder"))
    told = _read_metadata(contents.name, metadata)
    for folder, files in sorted(folders.items()):
        where = f"{contents.name}: {folder}"
        about = told.get(folder)
        who = _submitters(about)
        if about is None or not who:
            found.strays.append(Stray(where, f"{METADATA} does not tell whose it is; place it by hand"))
            continue
        created = _time(about.get(":created_at"))
        history = about.get(":history")
        earlier = len(history) if isinstance(history, list) else 0
        note = (f"{earlier} earlier attempts are on Gradescope and not in its export",) if earlier else ()
        found.hand_ins.append(
            HandIn(
                "gradescope",
                where,
                who,
                files,
                created or latest([*files.values()]),
                "platform" if created else "file",
                note,
            )
        )
    return found


def _submitters(about: Mapping[str, Any] | None) -> tuple[Who, ...]:
    listed = about.get(":submitters") if about is not None else None
    if not isinstance(listed, list) or len(listed) > MAX_SUBMITTERS:
        return ()
    found = []
    for one in listed:
        if isinstance(one, Mapping):
            name, sid, email = (_text(one.get(key)) for key in (":name", ":sid", ":email"))
            if name or sid or email:
                found.append(Who(name or email or sid, student=sid, email=email, name=name))
    return tuple(found)


def _text(value: object) -> str:
    """Ids are numbers to YAML where nobody quoted them."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _time(value: object) -> datetime | None:
    if isinstance(value, Mapping):  # Rails' time with a zone
        value = value.get("utc")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None


def _read_metadata(name: str, entry: Entry | None) -> Mapping[str, Mapping[str, Any]]:
    import yaml

    if entry is None:
        raise UsageError(f"{name}: no {METADATA} in it; export the submissions from Gradescope again")
    if entry.size > MAX_METADATA:
        raise UsageError(f"{name}: {METADATA} is larger than {MAX_METADATA // MIB} MiB; is it Gradescope's?")
    try:
        text = entry.read().decode()
        _require_plain(text)
        content = yaml.load(text, Loader=_loader())
    except (Unreadable, yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(f"{name}: {METADATA} cannot be read ({reason}); export it again") from None
    if not isinstance(content, dict):
        raise UsageError(f"{name}: {METADATA} is not Gradescope's; export it again")
    return {str(key): value for key, value in content.items() if isinstance(value, dict)}


def _require_plain(text: str) -> None:
    """Aliases share one object and are harmless; merged again and again, they grow without end."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            raise ValueError("nested too deep")
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            raise ValueError("it merges mappings, which Gradescope's does not")


def _loader() -> Any:
    """A safe loader, which takes Ruby's objects for the plain mappings, lists and texts they are made of."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("PlainLoader", (base,), {})
    loader.add_multi_constructor("!ruby/", _plain)
    return loader


def _plain(loader: Any, _: str, node: Any) -> Any:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)
