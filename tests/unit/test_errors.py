"""The sentence of an error reads as its language is written."""

from __future__ import annotations

import pytest

from jingzhun.errors import UserError


@pytest.mark.parametrize(
    ("what", "do", "sentence"),
    [
        ("A file is missing", "Name it", "A file is missing. Name it."),
        ("Is it there?", "Name it.", "Is it there? Name it."),
        ("The source 名单.csv does not exist", "", "The source 名单.csv does not exist."),
        ("缺少文件", "请重新上传", "缺少文件。请重新上传。"),
        ("最多 256 MiB", "请分批提交。", "最多 256 MiB。请分批提交。"),
    ],
)
def test_parts_end_with_the_full_stop_of_their_script(what: str, do: str, sentence: str) -> None:
    assert UserError(what, do=do).sentence == sentence
