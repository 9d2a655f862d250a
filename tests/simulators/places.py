"""Directories of shops in which some stand twice, in another guide's words, for measuring linkage where no column is one's own.

Half the town lies along a few streets, so that strangers share street, district and trade together, and what a guide
calls a trade is a matter of taste: only the name and the house number tell shops apart.
"""

from __future__ import annotations

import random

from tests.simulators.linkage_sets import Register, Words, slip

COLUMNS = ("name", "address", "district", "trade")
KINDS = (("street", "st."), ("avenue", "ave."), ("boulevard", "blvd."), ("road", "rd."), ("place", "pl."))


def directory(count: int, doubles: int, *, seed: int) -> Register:
    """So many shops, some of them (``doubles``) a second time."""
    dice = random.Random(seed)
    first, second, streets = Words(dice, 500, (1, 3)), Words(dice, 80, (1, 2)), Words(dice, 60, (2, 3))
    districts, trades = Words(dice, 20, (2, 3)).words, Words(dice, 40, (2, 3))
    lies_in = {street: dice.choices(districts, [1 / (n + 2) for n in range(20)])[0] for street in streets.words}
    rows = []
    for _ in range(count):
        street = streets.draw(dice)
        name = " ".join(dict.fromkeys((first.draw(dice), *([second.draw(dice)] if dice.random() < 0.7 else []))))
        house = f"{dice.randint(1, 900)} {street} {dice.choice(KINDS)[dice.random() < 0.5]}"
        rows.append({"name": name, "address": house, "district": lies_in[street], "trade": trades.draw(dice)})
    again = [(_told_otherwise(dice, rows[place], trades), place) for place in dice.sample(range(count), doubles)]
    both = [*((row, place) for place, row in enumerate(rows)), *again]
    dice.shuffle(both)
    return Register([row for row, _ in both], [place for _, place in both])


def _told_otherwise(dice: random.Random, row: dict[str, str], trades: Words) -> dict[str, str]:
    """The same shop in another guide: words left out or added, streets cut short, a trade of the guide's own."""
    name, address = row["name"], row["address"]
    luck = dice.random()
    if luck < 0.2:
        name = f"{name} {dice.choice(('bar', 'house', 'cafe', 'the original'))}"
    elif luck < 0.4:
        name = slip(dice, name)
    elif luck < 0.5:
        name = f"the {name}"
    for long, short in KINDS:
        if dice.random() < 0.5:
            address = address.replace(f" {long}", f" {short}")
    if dice.random() < 0.25:
        address += f" {dice.choice(('at', 'near', 'between'))} {dice.choice(('third', 'main', 'park'))} st."
    district = row["district"] if dice.random() < 0.9 else row["district"] + " city"
    return {
        "name": name,
        "address": address,
        "district": district,
        "trade": row["trade"] if dice.random() < 0.35 else trades.draw(dice),
    }
