"""A user's own profile: other facts than ours, proposed, verified and reported by the same machinery.

A profile is a response schema and the instructions that go with it. Its schema is a `ProfileResponse` whose fields are
lists of `ProfileItem`s; the fields of an item say by their annotation how code treats the model's words:

- `Copied`: must occur in the article, word for word (width, punctuation and spaces aside);
- `AmountWords`: an amount as written; the scanner reads value, unit and qualifier from the article at that place;
- `DateWords`: a date as written; read to ISO 8601, never more precise than the article;
- a `Literal[...]`: a class that the model chose, taken as it is;
- a plain `str`: the model's own words, kept, marked as not verified.

docs/profiles.md holds a worked example.
"""

from __future__ import annotations

import importlib
import sys
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from summarizer.errors import ProfileError
from summarizer.proposals import Proposed

BUILT_IN = "news"
FieldRole = Literal["copied", "amount", "date", "class", "free"]


@dataclass(frozen=True, slots=True)
class Role:
    """Marks how a field of a profile's item is verified."""

    name: FieldRole


Copied = Annotated[str, Role("copied")]
AmountWords = Annotated[str, Role("amount")]
DateWords = Annotated[str, Role("date")]


class ProfileItem(Proposed):
    """Base of a profile's items: where the fact stands."""

    s: int = Field(description="number of the sentence that states it")
    words: str = Field(description="the shortest words of that sentence that state it, copied")


class ProfileResponse(Proposed):
    """Base of a profile's answer: its fields are lists of items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A user's own profile.

    Attributes:
        name: a short name; it lands in each record and in the names of tables.
        version: goes up with each change of wording or schema.
        response: the answer's schema, a subclass of `ProfileResponse`.
        instructions: the system message, plain text; the article follows in a message of its own.
    """

    name: str
    version: str
    response: type[ProfileResponse]
    instructions: str

    def item_models(self) -> dict[str, type[ProfileItem]]:
        """Return the item model of each list of the response, by field name.

        Raises:
            ProfileError: a field is not a list of items.
        """
        models: dict[str, type[ProfileItem]] = {}
        for name, field in self.response.model_fields.items():
            arguments = typing.get_args(field.annotation)
            is_item_list = (
                typing.get_origin(field.annotation) is list
                and isinstance(arguments[0], type)
                and issubclass(arguments[0], ProfileItem)
            )
            if not is_item_list:
                raise ProfileError(f"profile {self.name!r}: field {name!r} must be a list of ProfileItem subclasses")
            models[name] = arguments[0]
        if not models:
            raise ProfileError(f"profile {self.name!r}: the response has no field")
        return models


def field_roles(model: type[ProfileItem]) -> dict[str, FieldRole]:
    """Return how each field of an item is verified, `s` and `words` aside, in the order they are declared.

    Raises:
        ProfileError: a field is neither text nor a Literal.
    """
    roles: dict[str, FieldRole] = {}
    for name, field in model.model_fields.items():
        if name in ProfileItem.model_fields:
            continue
        marked = [mark.name for mark in field.metadata if isinstance(mark, Role)]
        if marked:
            roles[name] = marked[0]
        elif typing.get_origin(field.annotation) is Literal:
            roles[name] = "class"
        elif field.annotation is str:
            roles[name] = "free"
        else:
            raise ProfileError(
                f"item {model.__name__!r}: field {name!r} must be Copied, AmountWords, DateWords, a Literal or str"
            )
    return roles


def load_profile(name: str) -> Profile:
    """Import a profile given as MODULE:NAME; modules of the working directory are found.

    Raises:
        ProfileError: it cannot be imported, or is no usable Profile.
    """
    module_name, colon, attribute = name.partition(":")
    if not colon or not module_name or not attribute:
        raise ProfileError(f"profile {name!r} is not known; expected {BUILT_IN!r} or MODULE:NAME")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        profile = getattr(importlib.import_module(module_name), attribute)
    except AttributeError:
        raise ProfileError(f"module {module_name!r} has no {attribute!r}") from None
    # A user's module may fail in any way while it is imported.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ProfileError(f"cannot import the module of profile {name!r}: {reason}") from error
    if not isinstance(profile, Profile):
        raise ProfileError(f"{name!r} is a {type(profile).__name__}, expected a summarizer.Profile")
    for model in profile.item_models().values():
        field_roles(model)
    return profile
