"""Files like those of a census linkage, from pseudopeople's sample data: run by the lane's own environment.

    <environment>/bin/python bench/linkage/census_data.py FOLDER

Like the case study of IHME (github.com/ihmeuw/person_linkage_case_study), which emulates how the US Census Bureau
links a census to its reference files: the census of 2030 against people on the social security file until
2029, with the latest address of five years of tax forms, and filers with a tax number only. Noise as
there: a tenth of names, streets and numbers written carelessly, which is ten times the package's own; of the
names, one in a hundred cut at the wrong place and one in a hundred with its parts in another order.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pseudopeople as psp

NOISY = ("decennial_census", "taxes_w2_and_1099", "social_security")
YEARS = range(2029, 2024, -1)
CARELESS = {"cell_probability": 0.1, "token_probability": 0.1}
ADDRESS = ("street_number", "street_name", "unit_number", "city", "state", "zipcode")
NAMES = ["first_name", "middle_initial", "last_name"]


def configuration() -> dict:
    """The package's noise, with a tenth of texts and numbers written carelessly."""
    own = psp.get_config()
    for dataset in NOISY:
        for column, noises in own[dataset].get("column_noise", {}).items():
            if "make_typos" in noises:
                if column == "middle_initial":
                    noises["make_typos"] = {"cell_probability": 0.05, "token_probability": 1}
                elif column in ("first_name", "last_name", "street_name"):
                    noises["make_typos"] = dict(CARELESS)
            if "write_wrong_digits" in noises and (dataset, column) != ("social_security", "ssn"):
                noises["write_wrong_digits"] = dict(CARELESS)
    return own


def muddled(rows: pd.DataFrame, names: list[str], seed: int) -> pd.DataFrame:
    """One in a hundred names with its parts in another order, one cut at another place."""
    random = np.random.default_rng(seed)
    values = rows[names].fillna("").to_numpy(dtype=object)
    draw = random.random(len(rows))
    for row in np.nonzero(draw < 0.02)[0]:
        if draw[row] < 0.01:
            values[row] = random.permutation(values[row])
        else:
            words = " ".join(filter(None, values[row])).replace("-", " ").split()
            cuts = sorted(random.integers(0, len(words) + 1, size=2))
            values[row] = [" ".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, len(words)])]  # noqa: B905
    changed = rows.copy()
    changed[names] = np.where(values == "", None, values)
    return changed


def taxes(given: dict) -> pd.DataFrame:
    """All tax forms, the latest first; with the form's address."""
    forms = []
    for year in YEARS:
        for seed, make in enumerate((psp.generate_taxes_1040, psp.generate_taxes_w2_and_1099)):
            rows = make(year=year, **given)
            renamed = rows.rename(columns={f"mailing_address_{part}": part for part in ADDRESS})
            kept = renamed[["simulant_id", "ssn", *NAMES, *ADDRESS]]
            forms.append(muddled(kept, NAMES, year * 2 + seed))
    return pd.concat(forms, ignore_index=True)


def reference(given: dict) -> pd.DataFrame:
    """One row per number: name, birth date, sex of the social security file, latest address on a form."""
    events = psp.generate_social_security(year=2029, **given)
    people = muddled(events, ["first_name", "middle_name", "last_name"], 1)
    people["middle_initial"] = people["middle_name"].str[:1]
    people = people.drop_duplicates("ssn", keep="first")
    forms = taxes(given)
    latest = forms.dropna(subset=["street_name"]).drop_duplicates("ssn", keep="first")
    known = people[["simulant_id", "ssn", *NAMES, "date_of_birth", "sex"]].merge(
        latest[["ssn", *ADDRESS]], on="ssn", how="left"
    )
    only = forms[forms["ssn"].astype(str).str.startswith("9")].drop_duplicates("ssn", keep="first")
    rows = pd.concat([known, only], ignore_index=True)
    rows["birth_date"] = pd.to_datetime(rows["date_of_birth"], format="%Y%m%d", errors="coerce")
    return rows.drop(columns=["date_of_birth", "ssn"])


def census(given: dict) -> pd.DataFrame:
    """The census of 2030; who is counted has no number."""
    rows = muddled(psp.generate_decennial_census(year=2030, **given), NAMES, 7)
    rows["birth_date"] = pd.to_datetime(rows["date_of_birth"], format="%m/%d/%Y", errors="coerce")
    return rows[["simulant_id", *NAMES, "birth_date", "sex", "household_id", *ADDRESS]]


def main() -> None:
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    given = {"seed": 0, "config": configuration()}
    made = {"reference": ("A", reference(given)), "census": ("B", census(given))}
    for name, (letter, found) in made.items():
        rows = found.astype({c: "string" for c in found.columns if c != "birth_date"})
        rows.insert(0, "row_id", [f"{letter}{number:06}" for number in range(len(rows))])
        rows.to_parquet(folder / f"{name}.parquet")
        print(name, rows.shape)


if __name__ == "__main__":
    main()
