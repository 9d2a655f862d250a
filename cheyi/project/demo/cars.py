"""The demo's brands, series and models, and its customers with their cars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cheyi.customers import actions as customers
from cheyi.customers.actions import BulkRow as CustomerRow
from cheyi.customers.engine.vins import check_digit
from cheyi.foundation.access import SYSTEM
from cheyi.foundation.models import Store
from cheyi.foundation.scope import within
from cheyi.foundation.sources import Source
from cheyi.kernel import Quantity
from cheyi.project.demo import names
from cheyi.project.demo.organisation import Firm
from cheyi.vehicles import actions as vehicles
from cheyi.vehicles.actions import BulkRow as CarRow
from cheyi.vehicles.models import VehicleModel

# brand, WMI, series: (name, energy, size, litres in ml)
RANGE = (
    (
        "BYD",
        "比亚迪",
        "LGX",
        (
            ("汉 EV", "bev", "large", None),
            ("秦 PLUS", "phev", "mid", 1500),
            ("海豚", "bev", "small", None),
            ("宋 PLUS", "phev", "mid", 1500),
        ),
    ),
    (
        "VW",
        "大众",
        "LSV",
        (
            ("帕萨特", "petrol", "mid", 2000),
            ("途观 L", "petrol", "large", 2000),
            ("速腾", "petrol", "mid", 1400),
            ("迈腾", "petrol", "mid", 2000),
        ),
    ),
    (
        "TOYOTA",
        "丰田",
        "LFM",
        (
            ("凯美瑞", "hev", "mid", 2500),
            ("卡罗拉", "petrol", "small", 1200),
            ("汉兰达", "hev", "large", 2500),
            ("RAV4", "petrol", "mid", 2000),
        ),
    ),
    (
        "GEELY",
        "吉利",
        "L6T",
        (
            ("星越 L", "petrol", "mid", 2000),
            ("帝豪", "petrol", "small", 1500),
            ("极氪 001", "bev", "large", None),
            ("银河 L7", "phev", "mid", 1500),
        ),
    ),
)
TRIMS = ("舒适型", "豪华型", "尊贵型", "旗舰型")
MODELS_WANTED = 60
YEARS = "HJKLMNPRST"  # model years 2017 to 2026
ELECTRIC = {"bev", "phev", "erev"}
PAPER = Source("project.demo", 1, "demo")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Models by code with the makers' WMI, and the customers' and cars' ids per store."""

    models: list[tuple[VehicleModel, str]]
    cars: dict[str, list[int]]


def build_range(firm: Firm, now: datetime) -> list[tuple[VehicleModel, str]]:
    """Four brands, sixteen series, sixty models."""
    models: list[tuple[VehicleModel, str]] = []
    with within(firm.home):
        for code, name, wmi, lines in RANGE:
            brand = vehicles.put_brand(code=code, name=name, store=firm.home, by=SYSTEM, now=now)
            for place, (line, energy, size, litres) in enumerate(lines):
                series = vehicles.put_series(brand=brand, code=f"{code}-{place + 1}", name=line, by=SYSTEM, now=now)
                for number, trim in enumerate(TRIMS):
                    if len(models) == MODELS_WANTED:
                        break
                    year = 2019 + number * 2
                    model = vehicles.put_model(
                        series=series,
                        code=f"{code}-{place + 1}-{number + 1}",
                        name=f"{line} {year} 款 {trim}",
                        energy=energy,
                        size_class=size,
                        displacement_ml=litres,
                        by=SYSTEM,
                        now=now,
                    )
                    models.append((model, wmi))
    return models


def populate(firm: Firm, random: Random, now: datetime, *, people: int, cars: int) -> Fleet:
    """Customers and their cars: a little more cars than people, four in a hundred people entered twice, one in twenty
    cars sold on. Most belong to the home store.
    """
    models = build_range(firm, now)
    shares = {"HZ01": 0.6, "HZ02": 0.25, "HZ03": 0.15}
    found: dict[str, list[int]] = {}
    first = 0
    for code, share in shares.items():
        store = firm.stores[code]
        with within(store):
            owners = _people(store, random, now, count=round(people * share), first=first)
            found[code] = _cars(store, random, now, owners, models, count=round(cars * share), first=first)
        first += round(cars * share) + round(people * share)
    return Fleet(models, found)


def _people(store: Store, random: Random, now: datetime, *, count: int, first: int) -> list[int]:
    rows = []
    for number in range(first, first + count):
        company = random.random() < 0.06
        name = names.company(random) + str(number) if company else names.person(random)
        rows.append(
            CustomerRow(
                ref=str(number),
                name=name,
                mobile=names.mobile(number % 10_000),
                details={
                    "kind": "fleet" if company else "person",
                    "level": random.choices(["normal", "silver", "gold", "diamond"], [60, 22, 13, 5])[0],
                    "price_sensitivity": random.choice(["low", "mid", "high"]),
                    "preferred_channel": random.choice(["phone", "sms", "wechat"]),
                    "birthday_on": None if company else _birthday(random),
                },
            )
        )
    rows += _doubles(rows, random, count // 25)
    outcomes = customers.bulk_add(rows, store=store, by=SYSTEM, now=now, paper=PAPER)
    return [one.customer_id for one in outcomes if one.customer_id is not None]


def _birthday(random: Random) -> date:
    return date(random.randint(1962, 2003), random.randint(1, 12), random.randint(1, 28))


def _doubles(rows: list[CustomerRow], random: Random, count: int) -> list[CustomerRow]:
    """The same people once more with two digits of the phone swapped, for the duplicates list."""
    made = []
    for place in range(count):
        row = rows[random.randrange(len(rows))]
        swapped = row.mobile[:8] + row.mobile[9] + row.mobile[8] + row.mobile[10:]
        if swapped != row.mobile:
            made.append(CustomerRow(ref=f"double-{place}-{row.ref}", name=row.name, mobile=swapped))
    return made


def _cars(
    store: Store,
    random: Random,
    now: datetime,
    owners: list[int],
    models: list[tuple[VehicleModel, str]],
    *,
    count: int,
    first: int,
) -> list[int]:
    today = store.business_date(now)
    rows = [
        _car(random, today, owners[place % len(owners)], models, first + place, store.code) for place in range(count)
    ]
    outcomes = vehicles.bulk_add(rows, store=store, by=SYSTEM, now=now, paper=PAPER)
    return [one.vehicle_id for one in outcomes if one.vehicle_id is not None]


def _car(
    random: Random, today: date, owner: int, models: list[tuple[VehicleModel, str]], number: int, store_code: str
) -> CarRow:
    fitting = [one for one in models if store_code != "HZ03" or one[0].energy in ELECTRIC]
    model, wmi = random.choice(fitting)
    age = random.randint(60, 2600)
    bought = today - timedelta(days=age)
    daily = random.choice([18, 25, 32, 38, 45, 60, 95])
    last_seen = random.randint(5, min(age, 420))
    km = max((age - last_seen) * daily, 500)
    return CarRow(
        ref=str(number),
        plate=names.plate(number, energy=model.energy),
        vin=_vin(wmi, random, number, bought.year),
        model=model,
        owner_id=owner,
        owner_from_on=bought,
        mileage=km,
        mileage_on=today - timedelta(days=last_seen),
        avg_daily_km=Quantity.of(daily),
        details={
            "energy": model.energy,
            "purchase_on": bought,
            "model_year": bought.year,
            "sold_by_us": random.random() < 0.6,
            "warranty_until": date(bought.year + 3, bought.month, min(bought.day, 28)),
            "warranty_km": 60_000,
            "insurance_until": today + timedelta(days=random.randint(-20, 360)),
            "inspection_due_on": today + timedelta(days=random.randint(-10, 700)),
            "status": "resold" if random.random() < 0.05 else "in_use",
        },
    )


def _vin(wmi: str, random: Random, number: int, year: int) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ123456789"
    body = "".join(random.choice(letters) for _ in range(5))
    code = YEARS[max(min(year - 2017, len(YEARS) - 1), 0)]
    raw = f"{wmi}{body}0{code}{random.choice('ABCDEFGH')}{number:06d}"
    return raw[:8] + check_digit(raw) + raw[9:]
