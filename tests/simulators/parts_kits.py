"""What cars are made of, what jobs take, and who supplies it: the tables behind the simulated parts counters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A place in a car for a part: category, median cost in yuan, pack, how many models share a number, supplier."""

    name: str
    cost: float
    pack: int = 1
    shared: int = 3
    supplier: int = 0
    electric: int = -1


@dataclass(frozen=True)
class Job:
    """Work with its chance per visit at the age where it is most usual, how age and season change it, and its kit."""

    chance: float
    kit: tuple[tuple[str, int, float], ...]
    from_age: float = 0
    season: str = ""
    electric: int = -1


ROLES = (
    Role("oil 4L", 165, 6, 9, 3, electric=0),
    Role("oil filter", 24, 10, 4, 0, electric=0),
    Role("drain washer", 2, 50, 11, 0, electric=0),
    Role("air filter", 38, 4, 2),
    Role("cabin filter", 42, 4, 2),
    Role("fuel filter", 95, 2, 6, electric=0),
    Role("spark plug", 48, 4, 6, electric=0),
    Role("brake fluid", 45, 6, 34, 3),
    Role("coolant", 70, 4, 34, 3),
    Role("gear oil", 120, 4, 11, 3),
    Role("front pads", 260, 1, 2),
    Role("rear pads", 220, 1, 2),
    Role("front disc", 310, 2, 2),
    Role("rear disc", 280, 2, 2),
    Role("pad clip", 6, 20, 6),
    Role("wiper", 58, 2, 3, 3),
    Role("washer fluid", 12, 12, 34, 3),
    Role("12V battery", 460, 1, 6, 3),
    Role("headlight bulb", 55, 2, 6, 3),
    Role("tyre", 480, 2, 2, 3),
    Role("balance weight", 3, 50, 34, 3),
    Role("belt", 150, 1, 4, electric=0),
    Role("thermostat", 130, 1, 4, electric=0),
    Role("water pump", 380, 1, 4, electric=0),
    Role("refrigerant", 60, 12, 34, 3),
    Role("compressor", 1900, 1, 3, 1),
    Role("shock absorber", 420, 2, 2),
    Role("control arm", 390, 1, 3),
    Role("ball joint", 110, 1, 4),
    Role("mirror", 520, 1, 1, 1),
    Role("front bumper", 880, 1, 1, 1),
    Role("bumper clip", 3, 50, 6),
    Role("headlight", 2100, 1, 1, 1),
    Role("coolant valve", 240, 1, 4, 1, electric=1),
    Role("BMS board", 2600, 1, 3, 2, electric=1),
    Role("battery module", 9200, 1, 3, 2, electric=1),
)
TAIL = 66
JOBS = (
    Job(0.55, (("oil 4L", 1, 1.0), ("oil filter", 1, 0.98), ("drain washer", 1, 0.9)), electric=0),
    Job(0.22, (("air filter", 1, 1.0),)),
    Job(0.24, (("cabin filter", 1, 1.0),), season="summer"),
    Job(0.04, (("fuel filter", 1, 1.0),), 2, electric=0),
    Job(0.07, (("spark plug", 4, 0.8), ("spark plug", 3, 0.2)), 2, electric=0),
    Job(0.10, (("brake fluid", 1, 1.0),), 1),
    Job(0.05, (("coolant", 2, 1.0),), 2),
    Job(0.04, (("gear oil", 3, 0.7), ("gear oil", 2, 0.3)), 2),
    Job(0.13, (("front pads", 1, 1.0), ("front disc", 2, 0.18), ("pad clip", 4, 0.5)), 2),
    Job(0.08, (("rear pads", 1, 1.0), ("rear disc", 2, 0.12), ("pad clip", 4, 0.5)), 3),
    Job(0.12, (("wiper", 2, 0.75), ("wiper", 1, 0.25)), 1, "rain"),
    Job(0.15, (("washer fluid", 1, 1.0),), season="winter"),
    Job(0.06, (("12V battery", 1, 1.0),), 3, "winter"),
    Job(0.05, (("headlight bulb", 1, 0.7), ("headlight bulb", 2, 0.3)), 2, "winter"),
    Job(0.05, (("tyre", 2, 0.55), ("tyre", 4, 0.25), ("tyre", 1, 0.2), ("balance weight", 8, 0.9)), 2),
    Job(0.025, (("belt", 1, 1.0), ("thermostat", 1, 0.2)), 4, electric=0),
    Job(0.018, (("water pump", 1, 0.8), ("thermostat", 1, 0.5), ("coolant", 2, 0.9)), 5, electric=0),
    Job(0.05, (("refrigerant", 2, 0.6), ("refrigerant", 1, 0.4)), 2, "summer"),
    Job(0.006, (("compressor", 1, 1.0), ("refrigerant", 2, 1.0)), 4, "summer"),
    Job(0.022, (("shock absorber", 2, 0.8), ("shock absorber", 1, 0.2)), 4),
    Job(0.022, (("control arm", 1, 0.7), ("ball joint", 2, 0.6)), 4),
    Job(0.012, (("mirror", 1, 1.0),)),
    Job(0.018, (("front bumper", 1, 0.6), ("bumper clip", 6, 0.9), ("headlight", 1, 0.25))),
    Job(0.02, (("coolant valve", 1, 1.0),), 2, electric=1),
    Job(0.008, (("BMS board", 1, 0.8), ("battery module", 1, 0.3)), 2, electric=1),
)
REPAIR = 0.12  # chance per visit of a part from the long tail, growing with age


@dataclass(frozen=True)
class Supplier:
    """Agreed days, median days, share and length of bad tails, how often a disturbance begins in a day."""

    agreed: int
    median: float
    spread: float
    tail: float
    tail_days: float
    trouble: float


SUPPLIERS = (
    Supplier(4, 4.0, 0.30, 0.03, 18, 0.006),
    Supplier(7, 8.0, 0.40, 0.06, 30, 0.008),
    Supplier(14, 16.0, 0.45, 0.08, 45, 0.010),
    Supplier(2, 1.8, 0.35, 0.02, 9, 0.003),
)
