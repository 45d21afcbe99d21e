"""`./dev bench [NAME …] [SIZE … --OPTION …]`: run the measurements of that name with the rest as
their arguments, or say which there are."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """The measurements: one script each."""
    return sorted(path.stem for path in HERE.glob("[a-z]*_*.py"))


def main(wanted: list[str]) -> int:
    """Run every script whose name starts with a wanted word; 2 when there is none."""
    given = [word for word in wanted if word.isdigit() or word.startswith("-")]
    words = [word for word in wanted if word not in given]
    found = [name for name in names() if any(name.startswith(word) for word in words)]
    if not found:
        print("measurements: " + ", ".join(names()), file=sys.stderr)
        return 2
    for name in found:
        print(f"== {name}")
        sys.argv = [name, *given]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
