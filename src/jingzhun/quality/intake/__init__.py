"""Import: a raw batch becomes accepted rows in the workspace and rejected rows with reasons."""

from jingzhun.quality.intake.counts import TableCounts
from jingzhun.quality.intake.mapping import Mapping
from jingzhun.quality.intake.mapping_file import MappingError, parse_mapping, read_mapping
from jingzhun.quality.intake.report import ImportReport, Progress, SourceFile, Step
from jingzhun.quality.intake.run import import_files
from jingzhun.quality.intake.suggest import suggest_mapping

__all__ = [
    "ImportReport",
    "Mapping",
    "MappingError",
    "Progress",
    "SourceFile",
    "Step",
    "TableCounts",
    "import_files",
    "parse_mapping",
    "read_mapping",
    "suggest_mapping",
]
