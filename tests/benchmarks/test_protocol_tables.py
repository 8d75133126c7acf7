"""The tables of the benchmark of published protocols, by hand."""

from protocol_rows import Case, Figures
from protocol_tables import PUBLISHED, published, tables


def row(method: str, mask: str, photo: str, deep: float | None, seconds: float = 1.0) -> tuple[Case, Figures]:
    return Case(method, "", mask, photo, 256, 0), Figures(0.1, 20.0, 0.5, deep, None, None, seconds)


def test_means_medians_and_numbers_of_photos() -> None:
    rows = dict(
        [
            row("telea", "box", "a", 0.8, 9.0),
            row("telea", "box", "b", 0.9),
            row("telea", "box", "c", 1.0),
            row("telea", "irregular", "a", 0.7),
            row("harmonic", "box", "a", 1.25, 0.031),
            row("harmonic", "half", "a", 0.5, 0.031),
        ]
    )
    text = tables(rows)
    simple = text[text.index("Irregular strokes and boxes") :].split("\n\n")
    assert simple[1].splitlines() == [
        "| deep feature distance | irregular | box |",
        "|---|---|---|",
        "| harmonic |  | 1.250 |",
        "| telea | .700 | .900 |",
    ]
    assert simple[2].splitlines() == [
        "| L1 / dB / SSIM | irregular | box | seconds | photos |",
        "|---|---|---|---|---|",
        "| harmonic |  | .100 20.0 .500 | 0.031 | 1 |",
        "| telea | .100 20.0 .500 | .100 20.0 .500 | 1 | 1-3 |",
    ]
    assert "| deep feature distance | half |" in text
    assert "LPIPS (" not in text
    assert "PConv" not in text


def test_distances_that_were_not_measured_have_no_table() -> None:
    text = tables(dict([row("telea", "box", "a", None)]))
    assert "deep feature distance" not in text
    assert "| telea | .100 20.0 .500 | 1 | 1 |" in text


def test_what_the_authors_published_is_marked_as_theirs() -> None:
    lines = published().splitlines()
    assert "| RePaint | .059 | .028 | .029 | .009 | .165 | .435 |" in lines
    assert len([line for line in lines if line.startswith("| ")]) == 1 + len(PUBLISHED)
    assert "not measured here" in lines[-1]
    assert "CelebA-HQ" in lines[0]
    assert tables({}).strip() == published()
