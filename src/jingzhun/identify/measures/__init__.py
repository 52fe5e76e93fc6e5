"""Poverty and inequality measures with design-based standard errors.

`income_table` turns a data frame into arrays, `estimate_measures` gives the income measures,
`estimate_mpi` the Alkire-Foster index. The formulas stand in `poverty`, `inequality`, `relative`,
`location`; definitions, references and agreement with R are described in docs/measures.md.
"""

from jingzhun.identify.measures.bootstrap import Replicates
from jingzhun.identify.measures.catalogue import MEASURES, Measure, measure_named
from jingzhun.identify.measures.conventions import (
    CONVENTIONS,
    Conventions,
    GiniRule,
    NonPositiveRule,
    PoorRule,
    QuantileRule,
)
from jingzhun.identify.measures.deprivations import columns_needed, deprivation_flags
from jingzhun.identify.measures.design import LonelyPsu, SurveyDesign, survey_design
from jingzhun.identify.measures.estimate import Options, estimate_measures
from jingzhun.identify.measures.incomes import Incomes, UndefinedMeasureError
from jingzhun.identify.measures.linearised import Linearised, Settings
from jingzhun.identify.measures.lines import PovertyLine
from jingzhun.identify.measures.mpi_spec import Indicator, MpiSpec, read_spec
from jingzhun.identify.measures.multidimensional import LABELS as MPI_LABELS
from jingzhun.identify.measures.multidimensional import MpiResult, estimate_mpi
from jingzhun.identify.measures.origin import Origin
from jingzhun.identify.measures.results import Estimate, MeasureResult, Note
from jingzhun.identify.measures.table import (
    Columns,
    IncomeTable,
    SampleTable,
    income_table,
    mpi_table,
)

__all__ = [
    "CONVENTIONS",
    "MEASURES",
    "MPI_LABELS",
    "Columns",
    "Conventions",
    "Estimate",
    "GiniRule",
    "IncomeTable",
    "Incomes",
    "Indicator",
    "Linearised",
    "LonelyPsu",
    "Measure",
    "MeasureResult",
    "MpiResult",
    "MpiSpec",
    "NonPositiveRule",
    "Note",
    "Options",
    "Origin",
    "PoorRule",
    "PovertyLine",
    "QuantileRule",
    "Replicates",
    "SampleTable",
    "Settings",
    "SurveyDesign",
    "UndefinedMeasureError",
    "columns_needed",
    "deprivation_flags",
    "estimate_measures",
    "estimate_mpi",
    "income_table",
    "measure_named",
    "mpi_table",
    "read_spec",
    "survey_design",
]
