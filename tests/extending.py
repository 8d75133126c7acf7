"""The package on the page docs/extending.md, installed in a folder; and other small packages."""

import tomllib
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "extending.md"


def install_example(folder: Path) -> Path:
    """Write the files that the page shows, and install their package, as pip would; the pipeline file."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("```") and line != "```"]
    for start in starts:
        stop = lines.index("```", start + 1)
        name = lines[start + 1].removeprefix("# ")
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines[start + 2 : stop]) + "\n", encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (folder / "vidinpaint_example" / "__init__.py").touch()
    install(folder, project["name"], project["version"], project["entry-points"])
    return folder / "remove_mark.py"


def install(folder: Path, name: str, version: str, entries: dict[str, dict[str, str]]) -> None:
    """What an installer leaves of a package: its name, version and entry points."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    sections = [
        "\n".join([f"[{group}]", *(f"{entry} = {value}" for entry, value in table.items())])
        for group, table in entries.items()
    ]
    (info / "entry_points.txt").write_text("\n\n".join(sections) + "\n")
