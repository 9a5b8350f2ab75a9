"""Times as Moodle writes them out for people, in the language of who exports."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, tzinfo

# en, de, fr, es, it, nl, pt
_MONTHS = (
    "january januar janvier enero gennaio januari janeiro",
    "february februar fevrier febrero febbraio februari fevereiro",
    "march marz maerz mars marzo maart marco",
    "april avril abril aprile",
    "may mai mayo maggio mei maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap])?\.?m?", re.IGNORECASE)
_LONGEST = 100


def read_date(text: str, zone: tzinfo) -> datetime | None:
    """The time in naive UTC, such as "Wednesday, September 23, 2020, 9:00 PM"; None if it is none we know."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    time = _TIME.search(plain)
    if time is None or len(text) > _LONGEST:
        return None
    date = plain[: time.start()] + " " + plain[time.end() :]
    years, days = re.findall(r"\b\d{4}\b", date), re.findall(r"\b\d{1,2}\b", date)
    months = {month for word in re.findall(r"[a-z]{3,}", date) for month in _months_of(word)}
    if not (len(years) == len(days) == len(months) == 1):
        return None
    hour = int(time[1]) % 12 + 12 * (time[3] == "p") if time[3] else int(time[1])
    try:
        local = datetime(int(years[0]), months.pop(), int(days[0]), hour, int(time[2]), tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _months_of(word: str) -> set[int]:
    """The months that a word names, whole or cut."""
    return {
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(name == word or (len(word) <= 4 and name.startswith(word)) for name in names.split())
    }
