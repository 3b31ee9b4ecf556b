"""Our own drawings, 24 x 24, one stroke width; each a few path data."""

from __future__ import annotations


def _lines(*paths: str) -> str:
    return "".join(f'<path d="{path}"/>' for path in paths)


ICONS = {
    "check": _lines("M5 12.5l4.5 4.5L19 7.5"),
    "cross": _lines("M6.5 6.5l11 11M17.5 6.5l-11 11"),
    "alert": _lines("M12 4l9 16H3z", "M12 10v4.5M12 17.2v.3"),
    "info": _lines("M12 3a9 9 0 100 18 9 9 0 000-18z", "M12 11v6M12 7.4v.3"),
    "clock": _lines("M12 3a9 9 0 100 18 9 9 0 000-18z", "M12 7.5V12l3.2 2.2"),
    "dash": _lines("M6 12h12"),
    "dot": _lines("M12 8.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7z"),
    "back": _lines("M15 5l-7 7 7 7"),
    "on": _lines("M9 5l7 7-7 7"),
    "card": _lines("M3.5 6h17v12h-17z", "M3.5 10h17M7 14.5h4"),
    "work": _lines("M4 8h16v11H4z", "M9 8V5h6v3M4 13h16"),
    "bank": _lines("M3.5 9.5L12 4l8.5 5.5z", "M6 10v8M10 10v8M14 10v8M18 10v8M3.5 20.5h17"),
    "bus": _lines("M5 5h14v12H5z", "M5 11h14M8 17v2.5M16 17v2.5M8 14h.3M15.8 14h.3"),
    "phone": _lines(
        "M6 3.5h3.5l1.6 4.4-2.2 1.6a12 12 0 005.6 5.6l1.6-2.2 4.4 1.6V18"
        "a2.5 2.5 0 01-2.7 2.5A16 16 0 013.5 6.2 2.5 2.5 0 016 3.5z"
    ),
    "post": _lines("M3.5 6.5h17v11h-17z", "M3.5 7l8.5 6.5L20.5 7"),
    "person": _lines("M12 4a4 4 0 100 8 4 4 0 000-8z", "M4.5 20.5a7.5 7.5 0 0115 0"),
    "place": _lines("M12 21s7-6.3 7-11.5a7 7 0 10-14 0C5 14.7 12 21 12 21z", "M12 7.5v4M10 9.5h4"),
    "paper": _lines("M6 3.5h8l4 4v13H6z", "M14 3.5v4h4M9 12h6M9 16h6"),
    "photo": _lines("M4 6.5h4l1.5-2.5h5L16 6.5h4v13H4z", "M12 9a4 4 0 100 8 4 4 0 000-8z"),
    "upload": _lines("M12 16V5M7.5 9L12 4.5 16.5 9", "M4.5 16v4h15v-4"),
    "print": _lines("M7 8.5V4h10v4.5M7 16.5H4.5v-8h15v8H17", "M7 14h10v6H7z"),
    "home": _lines("M4 11l8-7 8 7v9H4z", "M10 20v-6h4v6"),
    "message": _lines("M4 5h16v11H9.5L5.5 20v-4H4z"),
    "history": _lines("M4.5 12a7.5 7.5 0 112.2 5.3M4.5 18v-4h4", "M12 8v4.3l3 1.7"),
    "search": _lines("M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z", "M15.3 15.3L20.5 20.5"),
    "shield": _lines("M12 3.5l7.5 2.8v5.2c0 4.6-3 7.6-7.5 9-4.5-1.4-7.5-4.4-7.5-9V6.3z"),
    "lock": _lines("M6 11h12v9.5H6z", "M8.5 11V8a3.5 3.5 0 017 0v3"),
    "exit": _lines("M13 4H5v16h8M10 12h10M16.5 8.5L20 12l-3.5 3.5"),
    "eye": _lines(
        "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z",
        "M12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
    ),
}
