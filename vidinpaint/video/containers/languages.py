"""Languages of streams in MOV, which stores numbers of a list of its own.

Most languages have one code of three letters, twenty have two (ISO 639-2: "deu" and "ger"). FFmpeg's MOV muxer finds
only one of the two in its list, and loses a language under the other; for Swedish the list has a code of its own.
"""

_KNOWN_TO_MOV = {
    "bod": "tib", "cym": "wel", "deu": "ger", "ell": "gre", "eus": "baq", "fas": "per", "hye": "arm", "isl": "ice",
    "kat": "geo", "mkd": "mac", "msa": "may", "mya": "bur", "nld": "dut", "sqi": "alb", "swe": "sve", "zho": "chi",
    "cze": "ces", "fre": "fra", "rum": "ron", "slo": "slk",
}  # fmt: skip


def with_known_language(tags: dict[str, str], format: str) -> dict[str, str]:
    """The tags of a stream, its language under the code that the muxer `format` knows."""
    language = tags.get("language", "")
    if format != "mov" or language not in _KNOWN_TO_MOV:
        return tags
    return tags | {"language": _KNOWN_TO_MOV[language]}
