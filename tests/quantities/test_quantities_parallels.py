"""Bare numbers that are measured against an amount before them."""

from __future__ import annotations

import pytest

from summarizer.quantities import implied_unit, parallel_unit, scan


def unit_of(text: str, words: str) -> str | None:
    quantities = scan(text)
    index = next(number for number, one in enumerate(quantities) if one.text == words)
    found = quantities[index]
    assert found.unit is None
    return implied_unit(found, text) or parallel_unit(found, text, quantities[:index])


@pytest.mark.parametrize(
    ("text", "words", "unit"),
    [
        ("The chain runs 84 stores, up from 71 a year ago.", "71", "stores"),
        ("It had 19 trawlers in June, down sharply from 33 in 2019.", "33", "trawlers"),
        ("Halls sold 4,200 tickets in May, compared with 3,900 last year.", "3,900", "tickets"),
        ("The port handled 12 ships a day, against 9 before the strike.", "9", "ships"),
        ("Output reached 640 MW, up from 455 a year ago.", "455", "MW"),
        ("The fleet grew to 48 buses from 41.", "41", "buses"),
        ("Inspectors visited 61 farms in spring, nine of them twice.", "nine", "farms"),
        ("The firm laid off 300 workers, of whom 120 had joined in 2023.", "120", "workers"),
        ("Arno ordered 15 ferries. It has an option on 5 more at the same price.", "5", "ferries"),
        ("Arno ordered 15 ferries and may take another 5 by 2030.", "5", "ferries"),
        ("The clinic must keep its 30 nurses, and no fewer than 22 at night.", "22", "nurses"),
        ("The plan calls for 900 homes in 2026 and 1,400 by 2029.", "1,400", "homes"),
        ("Leeds added 9% to 310 shops. York lost 2% to 95.", "95", "shops"),
        ("Members backed the plan in a vote of 31 to 12.", "31", "votes"),
        ("Members backed the plan in a vote of 31 to 12.", "12", "votes"),
    ],
)
def test_what_is_compared_is_counted_alike(text: str, words: str, unit: str) -> None:
    assert unit_of(text, words) == unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The survey of 400 firms put the index at 53.", "53"),
        ("It sold 40 cars. Its score rose to 240, up from 210.", "210"),
        ("The firm has 12 sites and a rating of 7 in the ranking.", "7"),
        ("The team of 26 engineers finished on lap 20 in the rain.", "20"),
        ("Arno ordered 15 ferries with 30 cranes. It has an option on 5 more at the same price.", "5"),
        ("Leeds has 310 shops. Turnout in York fell 2% to 95.", "95"),
        ("The chain runs 84 stores. The share index is up from 71 a year ago.", "71"),
        ("It has 12 sites and is ranked 3 in the country.", "3"),
        ("She promised the bank 150.", "150"),
        ("It employs 301 people, and the code is 404 for now.", "404"),
        ("It sold 40 cars and its score rose to 240, up from 210.", "210"),
        ("It sold 40 cars for $3 million, up from 35 in May.", "35"),
        ("The flight left gate 12, not 14 as planned, with 50 people.", "14"),
    ],
)
def test_what_the_words_leave_open_has_no_unit(text: str, words: str) -> None:
    assert unit_of(text, words) is None
