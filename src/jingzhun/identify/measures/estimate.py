"""From a table of incomes to estimates with standard errors: the entry of the measures library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from jingzhun.errors import UserError
from jingzhun.identify.measures.bootstrap import Replicates, replicate_values
from jingzhun.identify.measures.catalogue import MEASURES, Base, Measure, measure_named
from jingzhun.identify.measures.conventions import Conventions, NonPositiveRule
from jingzhun.identify.measures.decomposition import decompose
from jingzhun.identify.measures.design import Floats, SharedInfluence, variance_of
from jingzhun.identify.measures.domains import Domain, group_domains, whole_domain
from jingzhun.identify.measures.incomes import UndefinedMeasureError
from jingzhun.identify.measures.linearised import Settings
from jingzhun.identify.measures.lines import PovertyLine
from jingzhun.identify.measures.results import (
    Estimate,
    MeasureResult,
    Note,
    Setting,
    interval,
)
from jingzhun.identify.measures.table import IncomeTable


@dataclass(frozen=True)
class Options:
    """How to estimate; see the command `jingzhun measure`."""

    measures: Sequence[str] = tuple(MEASURES)
    confidence: float = 0.95
    epsilon: float = 1.0
    old_age: float = 65.0
    risk_share: float = 0.6
    conventions: Conventions = field(default_factory=Conventions)
    lorenz_points: int = 0
    bootstrap: Replicates | None = None


@dataclass(frozen=True, eq=False)
class Session:
    """What is known once the whole sample has been looked at."""

    whole: Domain
    settings: Settings
    shared: dict[Base, SharedInfluence | None]
    options: Options


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is told apart
def estimate_measures(table: IncomeTable, line: PovertyLine, options: Options) -> MeasureResult:
    """Estimates of every measure for the whole sample, then for each group of `table.by`.

    Grain of the result: measure x domain. A measure that is undefined for the domain's incomes has
    value None and a note. Raises UserError where no estimate at all is possible.
    """
    measures = [measure_named(name) for name in options.measures]
    _check_options(options)
    whole = whole_domain(table.income, table.weight, table.design, table.age)
    if not len(whole.rows):
        raise UserError(
            "No row can be used",
            where=table.origin.place(),
            why="Every row lacks its income or has weight zero",
            do="Check --income, --weight and --size",
        )
    session = _session(whole, line, options)
    domains = [whole]
    if table.groups is not None and table.group_codes is not None:
        domains += group_domains(whole, table.groups, table.group_codes)
    if options.bootstrap is None:
        rows = [_linearised_row(session, m, domain) for domain in domains for m in measures]
    else:
        rows = _bootstrap_rows(session, line, measures, domains)
    return _result(table, line, session, rows, domains)


def _result(
    table: IncomeTable,
    line: PovertyLine,
    session: Session,
    rows: list[tuple[Estimate, list[Note]]],
    domains: list[Domain],
) -> MeasureResult:
    whole, settings, options = session.whole, session.settings, session.options
    return MeasureResult(
        estimates=[row for row, _ in rows],
        notes=[note for _, notes in rows for note in notes],
        line=settings.line,
        line_kind=line.text,
        risk_line=settings.risk_line,
        epsilon=settings.epsilon,
        conventions={name: str(rule) for name, rule in asdict(settings.conventions).items()},
        setting=Setting(
            n=len(whole.rows),
            weights_sum=whole.incomes.size,
            rows_read=table.n_rows,
            rows_left_out=table.left_out,
            design=table.design,
            confidence=options.confidence,
            method=_method(options),
        ),
        decomposition=decompose(whole, domains[1:], settings, session.shared, options.confidence),
        curve=_curve(session, domains),
    )


def _curve(session: Session, domains: list[Domain]) -> list[tuple[float, Estimate]]:
    """Points of the Lorenz curve of each domain at 1/n, 2/n, ... 1."""
    n = session.options.lorenz_points
    shares = [i / n for i in range(1, n + 1)] if n else []
    return [
        (p, _linearised_row(session, measure_named(f"lorenz({p!r})"), domain)[0])
        for domain in domains
        for p in shares
    ]


def _method(options: Options) -> str:
    if options.bootstrap is None:
        return "linearisation"
    return f"bootstrap ({options.bootstrap.number} replicates, seed {options.bootstrap.seed})"


def settings_for(whole: Domain, line: PovertyLine, options: Options) -> Settings:
    """Both lines of the whole sample in income units; the risk line follows a median line's share."""
    risk_share = line.share if line.kind == "median" else options.risk_share
    start = Settings(
        risk_share=risk_share,
        epsilon=options.epsilon,
        old_age=options.old_age,
        conventions=options.conventions,
    )
    risk = PovertyLine("median", share=risk_share)
    return replace(
        start, line=line.of(whole.incomes, start), risk_line=risk.of(whole.incomes, start)
    )


def _session(whole: Domain, line: PovertyLine, options: Options) -> Session:
    settings = settings_for(whole, line, options)
    if not settings.line > 0:
        raise UserError(
            f"The line {line.text} is zero or negative",
            why=f"The {line.kind} income of the sample is not positive",
            do="Give the line as an amount",
        )
    risk = PovertyLine("median", share=settings.risk_share)
    shared = {
        Base.NONE: None,
        Base.LINE: _shared(whole, line, settings),
        Base.RISK: _shared(whole, risk, settings),
    }
    return Session(whole, settings, shared, options)


def _shared(whole: Domain, line: PovertyLine, settings: Settings) -> SharedInfluence | None:
    linearised = line.linearised(whole.incomes, settings)
    if linearised is None:
        return None
    return SharedInfluence.of(whole.part, whole.incomes.w * linearised.influence)


def _check_options(options: Options) -> None:
    if not 0 < options.confidence < 1:
        raise UserError(
            f"--confidence {options.confidence:g} is not between 0 and 1", do="Write 0.95 for 95 %"
        )
    if not options.epsilon > 0:
        raise UserError(
            f"--epsilon {options.epsilon:g} is not positive",
            why="The Atkinson index needs a positive aversion to inequality",
            do="Give a value such as 0.5, 1 or 2",
        )


def _chosen(session: Session, measure: Measure, domain: Domain) -> Domain:
    """Without the rows of zero or negative income, where the user asked for that."""
    rule = session.settings.conventions.nonpositive
    if measure.needs_positive and rule is NonPositiveRule.EXCLUDE:
        return domain.positive
    return domain


def _linearised_row(
    session: Session, measure: Measure, domain: Domain
) -> tuple[Estimate, list[Note]]:
    row, reason = _with_value(session, measure, domain)
    if reason is None:
        row, reason = _with_error(session, measure, domain, row)
    return row, [] if reason is None else [Note(reason, measure.name, domain.by)]


def _with_value(session: Session, measure: Measure, domain: Domain) -> tuple[Estimate, str | None]:
    """The estimate without its standard error, and the reason if it has no value."""
    chosen = _chosen(session, measure, domain)
    row = Estimate(measure.name, domain.by, len(chosen.rows))
    try:
        value = measure.value(chosen.incomes, session.settings)
    except UndefinedMeasureError as undefined:
        return row, undefined.reason
    except ArithmeticError:  # incomes near the limits of floating point
        return row, "value_not_finite"
    if not np.isfinite(value):
        return row, "value_not_finite"
    return replace(row, value=value), None


def _with_error(
    session: Session, measure: Measure, domain: Domain, row: Estimate
) -> tuple[Estimate, str | None]:
    """The estimate with its standard error, or the reason why there is none."""
    chosen = _chosen(session, measure, domain)
    whole_df = domain.design.degrees_of_freedom
    if whole_df < 1:
        return row, "no_degrees_of_freedom"
    try:
        linearised = measure.linearise(chosen.incomes, session.settings)
    except UndefinedMeasureError as undefined:
        return row, undefined.reason
    except ArithmeticError:
        return row, "se_not_finite"
    weighted = chosen.incomes.w * linearised.influence
    shared = session.shared[measure.base]
    variance = variance_of(chosen.part, weighted, [(linearised.slope, shared)])
    if not np.isfinite(variance):
        return row, "se_not_finite"
    df = chosen.part.degrees_of_freedom
    confidence = session.options.confidence
    return interval(row, float(np.sqrt(variance)), df if df > 0 else whole_df, confidence), None


def _bootstrap_rows(
    session: Session, line: PovertyLine, measures: list[Measure], domains: list[Domain]
) -> list[tuple[Estimate, list[Note]]]:
    replicates = session.options.bootstrap
    assert replicates is not None  # noqa: S101 - chosen by the caller
    cells = [(m, domain, _chosen(session, m, domain)) for domain in domains for m in measures]

    def settings_of(whole: Domain) -> Settings:
        return settings_for(whole, line, session.options)

    values = replicate_values(
        session.whole, [(m.value, chosen) for m, _, chosen in cells], settings_of, replicates
    )
    return [
        _bootstrap_row(session, measure, domain, values[:, column])
        for column, (measure, domain, _) in enumerate(cells)
    ]


def _bootstrap_row(
    session: Session, measure: Measure, domain: Domain, drawn: Floats
) -> tuple[Estimate, list[Note]]:
    """Standard deviation over the replicates, and the percentile interval."""
    row, reason = _with_value(session, measure, domain)
    if reason is not None:
        return row, [Note(reason, measure.name, domain.by)]
    kept = drawn[np.isfinite(drawn)]
    notes = []
    if len(kept) < len(drawn):
        notes.append(Note("replicates_undefined", measure.name, domain.by))
    if len(kept) > 1:
        tail = (1 - session.options.confidence) / 2
        low, high = np.quantile(kept, [tail, 1 - tail])
        se = float(kept.std(ddof=1))
        row = replace(row, se=se, ci_low=float(low), ci_high=float(high))
    return row, notes
