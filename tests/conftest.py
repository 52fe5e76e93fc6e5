"""What many tests need and is dear to make: the pack of Gansu and a small invented province."""

from __future__ import annotations

from pathlib import Path

import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.sample.province import make_sample

SAMPLE_HOUSEHOLDS = 120
SAMPLE_SEED = 23


@pytest.fixture(scope="session")
def gansu() -> Pack:
    return load_pack("gansu")


@pytest.fixture(scope="session")
def sample_path(tmp_path_factory: pytest.TempPathFactory, gansu: Pack) -> Path:
    """Folder of an invented province of 2019 with some 125 households; tests must not change it."""
    path = tmp_path_factory.mktemp("province") / "sample"
    make_sample(path, households=SAMPLE_HOUSEHOLDS, seed=SAMPLE_SEED, divisions=gansu.divisions)
    return path


@pytest.fixture
def sample(sample_path: Path) -> Workspace:
    """The province, opened."""
    return Workspace.open(sample_path)
