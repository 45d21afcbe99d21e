"""`./dev bench [NAME …]`: run the measurements of that name, or say which there are."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """The measurements: one script each."""
    return sorted(path.stem for path in HERE.glob("[a-z]*_*.py"))


def main(wanted: list[str]) -> int:
    """Run every script whose name starts with a wanted word; 2 when there is none."""
    found = [name for name in names() if any(name.startswith(word) for word in wanted)]
    if not found:
        print("measurements: " + ", ".join(names()), file=sys.stderr)
        return 2
    for name in found:
        print(f"== {name}")
        sys.argv = [name]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
