"""`Ffv1Check`: finds damaged pictures of FFV1 by the check sums of their slices; FFmpeg decodes them all the same.

Each slice ends with its size (3 bytes), a status byte and a CRC-32 over the whole slice, which then is 0 (RFC 9043,
section 4.9). The polynomial is zlib's with the bits of each byte in the other order.
"""

import zlib

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_FOOTER = 8


class Ffv1Check:
    """Call it for the packets of one stream in any order."""

    def __init__(self) -> None:
        self._has_sums = False  # check sums are optional: a first good picture shows that there are some

    def is_damaged(self, packet: bytes) -> bool:
        """Whether a check sum is wrong; False for all packets before the first good one."""
        good = _all_good(packet)
        self._has_sums |= good
        return self._has_sums and not good


def _all_good(packet: bytes) -> bool:
    end = len(packet)
    while end >= _FOOTER:
        size = int.from_bytes(packet[end - _FOOTER : end - _FOOTER + 3], "big") + _FOOTER
        if not _FOOTER < size <= end or _remainder(packet[end - size : end]):
            return False
        end -= size
    return end == 0


def _remainder(data: bytes) -> int:
    return zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
