"""`Directory`: the list of tags in a TIFF file or an EXIF block, which has the same form; read and changed in place.

Source: TIFF 6.0, section 2. The bytes are not trusted: offsets outside of them raise ValueError.
"""

import struct
from collections.abc import Collection

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_NUMBERS = {3: "H", 4: "I"}  # SHORT and LONG, the types of every number that is read here
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes of one value, by type


class Directory:
    """One directory: the first of data, or the one at `offset` bytes. data is a bytearray or a writable memoryview."""

    def __init__(self, data: bytearray | memoryview, offset: int | None = None) -> None:
        order = _ORDERS.get(bytes(data[:4]))
        if order is None:
            raise ValueError("expected a TIFF structure, found no TIFF header")
        self._data, self._order = data, order
        start = self._read("I", 4) if offset is None else offset
        count = self._read("H", start)
        self._entries: dict[int, int] = {}
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            self._entries.setdefault(self._read("H", entry), entry)
        self._end = start + 2 + 12 * count

    def get(self, tag: int, default: int = 0) -> int:
        """The number of a tag, the first if the entry holds several; default where the entry holds none."""
        entry = self._entries.get(tag)
        form = None if entry is None else self._form(entry)
        return default if entry is None or form is None else self._read(form, entry + 8)

    def set(self, tag: int, value: int) -> None:
        """Change the number of a tag that `get` can read; does nothing if there is none."""
        entry = self._entries.get(tag)
        form = None if entry is None else self._form(entry)
        if entry is not None and form is not None:
            struct.pack_into(self._order + form, self._data, entry + 8, value)

    @property
    def tags(self) -> Collection[int]:
        """The tags that the directory holds."""
        return self._entries.keys()

    def block(self, tag: int) -> bytes:
        """The bytes of a tag's value, or empty; raises ValueError if they are not all there."""
        entry = self._entries.get(tag)
        if entry is None:
            return b""
        size = _SIZES.get(self._read("H", entry + 2), 1) * self._read("I", entry + 4)
        start = entry + 8 if size <= 4 else self._read("I", entry + 8)
        if start + size > len(self._data):
            raise ValueError("expected a complete TIFF structure, found a truncated one")
        return bytes(self._data[start : start + size])

    def ratio(self, tag: int) -> float:
        """The value of a tag of two whole numbers, the first divided by the second; 0 where there is none."""
        block = self.block(tag)
        above, below = struct.unpack(self._order + "II", block[:8]) if len(block) >= 8 else (0, 0)
        return float(above / below) if below else 0.0

    @property
    def next(self) -> int:
        """Offset of the next directory in bytes; 0 if this is the last one."""
        return self._read("I", self._end)

    def make_last(self) -> None:
        """Unlink all directories after this one."""
        struct.pack_into(self._order + "I", self._data, self._end, 0)

    def _form(self, entry: int) -> str | None:
        kind, count = self._read("H", entry + 2), self._read("I", entry + 4)
        form = _NUMBERS.get(kind)
        return form if form and 1 <= count <= 4 // struct.calcsize(form) else None

    def _read(self, form: str, at: int) -> int:
        try:
            return int(struct.unpack_from(self._order + form, self._data, at)[0])
        except struct.error as error:
            raise ValueError("expected a complete TIFF structure, found a truncated one") from error
