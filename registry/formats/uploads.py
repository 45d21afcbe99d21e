"""Any uploaded table: a workbook by its signature, CSV else."""

from registry.formats.csv import read_csv
from registry.formats.table import LIMITS, Limits, Table
from registry.formats.xlsx_reading import ZIP_SIGNATURE, read_xlsx


def read_table(data: bytes, *, sheet: str | None = None, limits: Limits = LIMITS) -> Table:
    """Return the table of a file's bytes; the file's name is not asked.

    `sheet` chooses a worksheet, the first by default. Raises FileProblem as `read_csv` and
    `read_xlsx` do.
    """
    if data.startswith(ZIP_SIGNATURE):
        return read_xlsx(data, sheet=sheet, limits=limits)
    return read_csv(data, limits=limits)
