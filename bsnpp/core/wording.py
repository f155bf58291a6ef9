"""Words for messages."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun; the plural ends in s unless it is given.

    Examples
    --------
    >>> counted(1, "difference"), counted(1200, "class", "classes")
    ('1 difference', '1,200 classes')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
