"""A text for users in both languages of the platform."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Label(BaseModel):
    """One text in English and Simplified Chinese; neither may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The text in `language`: `zh` or `zh-Hans` give Chinese, anything else English."""
        return self.zh if language.lower().startswith("zh") else self.en
