"""The levels on which two names agree."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """Levels of agreement; a higher one says more. Compare by name: numbers may move."""

    ELSE = 0
    SURNAME = 1
    """Only the surname is the same."""
    TOKENS = 2
    """A part is the same: a word, the person's own name, or surname and one character."""
    ONE_EDIT = 3
    """One character differs, is missing or swapped, in names of three and more."""
    TRUNCATED = 4
    """One is the beginning of the other: a cut field, a father's name left out, an initial."""
    SHAPE = 5
    """Characters that look alike."""
    SOUND = 6
    """The same toneless pinyin; for Latin names the same sound and nearly the same letters."""
    SYLLABLES = 7
    """Other writings of the same transliterated words; for Latin names short forms."""
    REORDERED = 8
    """Latin names of the same words in another order."""
    VARIANT = 9
    """The same but for dots, blanks, case, width, accents or variant characters."""
    EXACT = 10
    """The same as shown with a uniform dot composed (NFC)."""
