"""A profile of one's own: appointments and departures of executives.

summarizer run ARTICLES --out out --profile examples.appointments:APPOINTMENTS
"""

from typing import Literal

from pydantic import Field

from summarizer import Copied, DateWords, Profile, ProfileItem, ProfileResponse


class Appointment(ProfileItem):
    """A person who takes or leaves an office."""

    person: Copied
    office: Copied = Field(description="the office, copied: 首席财务官, chief executive")
    organization: Copied
    change: Literal["appointed", "promoted", "resigned", "retired", "dismissed", "other"]
    effective: DateWords = Field(description="the words that date the change, copied; empty if none")
    predecessor: Copied = Field(description="who held the office before, copied; empty if not said")


class Appointments(ProfileResponse):
    """Appointments and departures that the article reports."""

    appointments: list[Appointment]


APPOINTMENTS = Profile(
    name="appointments",
    version="1",
    response=Appointments,
    instructions="""Appointments
- Every change of a person in an office that the article reports: appointed, promoted, resigned, retired, dismissed.
  One entry for each person and office.
- Persons who are only named with their office are no entry. No change: an empty list.""",
)
