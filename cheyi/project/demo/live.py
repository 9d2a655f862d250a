"""Sixty live orders in every state, made by the product's own verbs at the times of an ordinary day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from cheyi.foundation.scope import within
from cheyi.kernel import Rate, Refused
from cheyi.parts import actions as parts
from cheyi.parts.models import RequestLine
from cheyi.project.demo import pictures
from cheyi.project.demo.crew import Crew, Worker
from cheyi.project.demo.history_cars import km_on
from cheyi.project.demo.organisation import Firm
from cheyi.project.demo.people import Staff
from cheyi.settlement import actions as settlement
from cheyi.settlement.actions import Tender
from cheyi.vehicles.models import Vehicle
from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, LeavingCar
from cheyi.workshop.models import LabourLine, LabourOp, WorkOrder
from cheyi.workshop.queries.counter import settling
from cheyi.workshop.rules.quality import checklist

# how far each kind of order gets, and how many of sixty
STAGES = (
    ("draft", 3),
    ("open", 9),
    ("dispatched", 8),
    ("working", 10),
    ("parts", 5),
    ("asking", 5),
    ("hold", 3),
    ("qc", 4),
    ("wash", 2),
    ("ready", 5),
    ("settled", 2),
    ("delivered", 3),
    ("cancelled", 1),
)
# The morning's work comes first, so that every technician is free when he is needed; whose clock runs on comes last.
ORDER_OF_DAY = (
    "delivered",
    "settled",
    "ready",
    "wash",
    "qc",
    "hold",
    "parts",
    "asking",
    "working",
    "dispatched",
    "open",
    "draft",
    "cancelled",
)
DONE = frozenset(ORDER_OF_DAY[:5])
BEGUN = frozenset(ORDER_OF_DAY[5:9])
WISHES = (
    (("MA001",), "常规保养"),
    (("MA001", "MA004"), "保养，空调有异味"),
    (("MA002",), "六万公里保养"),
    (("CH004",), "方向盘跑偏"),
    (("EL001",), "冷车打不着"),
    (("MA007", "DT004"), "换制动液，顺便检查"),
    (("EN001",), "发动机故障灯亮"),
    (("CH002", "MA007"), "后刹车片"),
    (("EL003",), "雨刮不动"),
)
ELECTRIC = (
    (("MA003",), "常规保养"),
    (("MA003", "MA007"), "保养、制动液"),
    (("EV002",), "续航下降"),
    (("CH004",), "方向盘跑偏"),
    (("EV008",), "报绝缘故障"),
)
# what goes through the inspector's hands, on any car
REPAIRS = ((("CH004",), "方向盘跑偏"), (("CH002",), "后刹车片"), (("EL003",), "雨刮不动"))
# what waits for the part that a store is short of
SHORT_JOBS = {
    "HZ01": (("CH001",), "刹车有吱吱声"),
    "HZ02": (("EL002",), "左大灯碰坏了"),
    "HZ03": (("EV003",), "续航突然掉一半"),
}
# what the keeper does about it, and in how many hours it will be here; for some nobody knows
AWAITED: tuple[tuple[str, int | None], ...] = (("urgent_po", 24), ("wait", None), ("transfer", 2))
# what customers of the home store want off, in percent of the job
BARGAINS = (Rate.percent(15), Rate.percent(20))
HOME = "HZ01"
SMALL_STORES = {
    "HZ02": ("draft", "open", "dispatched", "working", "working", "parts", "asking", "qc", "ready"),
    "HZ03": ("open", "dispatched", "working", "parts", "asking", "ready", "delivered"),
}
LATE_EVERY = 6
# how many customers ask for a time today and in the days to come
BOOKED = {HOME: 28, "HZ02": 14, "HZ03": 8}
BOOKED_TODAY, DAYS_AHEAD = 6, 14
# how many bookings the foreman takes though their hour is full
OVER_BOOKED = {HOME: 2}


def play(firm: Firm, staff: Staff, cars: dict[str, list[int]], random: Random, now: datetime) -> int:
    """Make the live orders; how many there are."""
    made = 0
    for code, stages in _stages().items():
        store = firm.stores[code]
        with within(store):
            shop = _Shop(firm, staff, code, random, now)
            waiting = list(_cars(cars[code], random))
            for stage in stages:
                made += shop.make(stage, waiting)
            shop.book(waiting[: BOOKED[code]])
    return made


def _stages() -> dict[str, list[str]]:
    """Which stages each store has: the small ones a few of the common ones, the home store all the others."""
    left = Counter(dict(STAGES))
    for stages in SMALL_STORES.values():
        left.subtract(stages)
    shared = {HOME: list(left.elements()), **{code: list(stages) for code, stages in SMALL_STORES.items()}}
    return {code: sorted(stages, key=ORDER_OF_DAY.index) for code, stages in shared.items()}


def _cars(ids: list[int], random: Random) -> Iterator[Vehicle]:
    chosen = random.sample(ids, min(len(ids), 90))
    rows = {row.pk: row for row in Vehicle.objects.select_related("model").filter(pk__in=chosen, status="in_use")}
    return (rows[pk] for pk in chosen if pk in rows)


class _Shop:
    """One store on the day of the demo."""

    def __init__(self, firm: Firm, staff: Staff, code: str, random: Random, now: datetime) -> None:
        self.store, self.random, self.now = firm.stores[code], random, now
        self.crew = Crew(self.store, staff, random, now)
        self.ops = {op.code: op for op in LabourOp.objects.select_related("skill").filter(active=True)}
        self.made = self.awaited = self.asked = 0

    def make(self, stage: str, waiting: list[Vehicle]) -> int:
        """One order up to its stage, for the first waiting car that suits it."""
        electric_only = stage == "parts" and self.store.code == "HZ03"
        car = next(one for one in waiting if not electric_only or _is_electric(one))
        waiting.remove(car)
        self.made += 1
        ops, words = self._wish(stage, car)
        if stage in DONE or stage in BEGUN:
            self._work(stage, car, ops, words)
        else:
            self._counter(stage, car, ops, words)
        return 1

    def _wish(self, stage: str, car: Vehicle) -> tuple[list[LabourOp], str]:
        """What the car comes for: something that a technician of the store, free where he must be, can do."""
        wishes = list(ELECTRIC if _is_electric(car) else WISHES)
        self.random.shuffle(wishes)
        if stage == "parts":
            wishes = [SHORT_JOBS[self.store.code]]
        elif stage == "qc":
            wishes = list(REPAIRS[self.made % len(REPAIRS) :] + REPAIRS)
        for codes, words in wishes:
            ops = [self.ops[code] for code in codes]
            if self.crew.able(ops, running=stage == "working"):
                return ops, words
        raise LookupError(f"{self.store.code}: nobody can do any of {wishes}")

    def _open(
        self, car: Vehicle, ops: Sequence[LabourOp], words: str, *, at: datetime, promised: datetime, wash: bool = False
    ) -> WorkOrder:
        return actions.open_order(
            vehicle=car,
            jobs=[JobWanted(op.code) for op in ops],
            mileage=km_on(car, self.store.business_date(at)) + self.random.randint(10, 400),
            mileage_reason="checked",
            request_text=words,
            promised_at=promised,
            waits_in_store=self.random.random() < 0.3,
            wash_wanted=wash,
            by=self.random.choice(self.crew.advisors),
            now=at,
        )

    def _counter(self, stage: str, car: Vehicle, ops: Sequence[LabourOp], words: str) -> None:
        """Orders of the last hour that nobody works on yet."""
        at = self.now - timedelta(minutes=self.random.randint(6, 50))
        if stage == "draft":
            actions.receive(vehicle=car, request_text=words, by=self.random.choice(self.crew.advisors), now=at)
            return
        promised = _on_ten(self.now + timedelta(minutes=self.random.randint(150, 260)))
        order = self._open(car, ops, words, at=at, promised=promised)
        if stage == "cancelled":
            actions.cancel(order, reason="customer_gave_up", by=self.crew.advisors[0], now=at + timedelta(minutes=5))
        elif stage == "dispatched":
            worker = self.crew.next_for(list(LabourLine.objects.filter(order=order)))
            actions.dispatch(order, technician=worker.employee, by=self.crew.foreman, now=at + timedelta(minutes=4))

    def _work(self, stage: str, car: Vehicle, ops: Sequence[LabourOp], words: str) -> None:
        """Orders of the morning, begun when their technician had finished the one before."""
        runs_on = stage == "working"
        worker = self.crew.next_for(ops, running=runs_on)
        minutes = self.crew.minutes(ops)
        start = self.crew.start_of(worker, minutes, running=runs_on)
        end = start + timedelta(minutes=minutes)
        late = stage in {"working", "hold"} and self.made % LATE_EVERY == 0
        promised = _on_ten(self.now - timedelta(minutes=12) if late else max(end, self.now) + timedelta(minutes=40))
        at = start - timedelta(minutes=self.random.randint(12, 30))
        order = self._open(car, ops, words, at=at, promised=promised, wash=stage == "wash")
        actions.dispatch(order, technician=worker.employee, by=self.crew.foreman, now=at + timedelta(minutes=4))
        if stage != "parts":
            self._hand_out(order, start)
        lines = list(LabourLine.objects.filter(order=order).order_by("seq"))
        actions.start_job(lines[0], by=worker.viewer, now=start)
        if stage in BEGUN:
            self._leave_in_work(order, lines[0], worker, stage, start)
        else:
            self._finish(order, lines, worker, stage, start, end)

    def _leave_in_work(self, order: WorkOrder, line: LabourLine, worker: Worker, stage: str, start: datetime) -> None:
        if stage == "working":
            worker.clocked = True
            return
        later = start + timedelta(minutes=self.random.randint(14, 24))
        worker.free_at = later + timedelta(minutes=4)
        if stage == "asking":
            self._find(order, worker, later)
        reason = {"asking": "wait_approval", "parts": "wait_parts", "hold": "wait_tool"}[stage]
        actions.pause_job(LabourLine.objects.get(pk=line.pk), reason=reason, by=worker.viewer, now=later)
        if stage != "asking":
            actions.hold(WorkOrder.objects.get(pk=order.pk), reason=reason, by=worker.viewer, now=later)
        if stage == "parts":
            self._await(order)
        if stage == "hold" and self.store.code == HOME and self.asked < len(BARGAINS):
            self._bargain(line)

    def _bargain(self, line: LabourLine) -> None:
        """The customer waits long and wants something off; what is beyond the advisor's limit, the manager decides."""
        rate, self.asked = BARGAINS[self.asked], self.asked + 1
        fresh = LabourLine.objects.get(pk=line.pk)
        actions.discount(fresh, rate=rate, reason="老客户", by=self.crew.advisors[0], now=self.now)

    def _await(self, order: WorkOrder) -> None:
        """The keeper says what is done about the missing part, and mostly when it will be here."""
        choice, hours = AWAITED[self.awaited % len(AWAITED)]
        self.awaited += 1
        told = _on_ten(self.now + timedelta(hours=hours)) if hours else None
        short = RequestLine.objects.filter(
            request__source_id=order.pk, request__source_kind="workshop.order", state="backordered"
        )
        for line in short.order_by("pk"):
            parts.choose_shortage_action(line, choice=choice, expected_at=told, by=self.crew.keeper, now=self.now)

    def _find(self, order: WorkOrder, worker: Worker, at: datetime) -> None:
        code, note = self.random.choice(pictures.FINDINGS)
        op = self.ops[code]
        photo = pictures.photo_of(code, store=self.store, by=worker.viewer, now=at)
        actions.report_finding(
            order, item=op.name, note=note, op=op, urgency="now", photos=[photo], by=worker.viewer, now=at
        )

    def _finish(
        self,
        order: WorkOrder,
        lines: Sequence[LabourLine],
        worker: Worker,
        stage: str,
        start: datetime,
        end: datetime,
    ) -> None:
        each = (end - start) / len(lines)
        for place, line in enumerate(lines):
            if place:
                actions.start_job(line, by=worker.viewer, now=start + place * each)
            until = start + (place + 1) * each
            actions.finish_job(LabourLine.objects.get(pk=line.pk), self_checked=True, by=worker.viewer, now=until)
        worker.free_at = end + timedelta(minutes=self.random.randint(3, 9))
        order = WorkOrder.objects.get(pk=order.pk)
        if order.state == "qc" and stage != "qc":
            answers = dict.fromkeys(checklist("final", high_voltage=any(line.high_voltage for line in lines)), True)
            order = actions.pass_check(
                order,
                answers=answers,
                road_test_km=2 + self.made % 5,
                by=self.crew.inspector,
                now=end + timedelta(minutes=6),
            )
        if stage in {"settled", "delivered"}:
            self._pay(order, stage, min(end + timedelta(minutes=20), self.now))

    def _pay(self, order: WorkOrder, stage: str, at: datetime) -> None:
        view = settling(order)
        method = self.random.choice(["wechat", "alipay", "cash", "pos"])
        settlement.take_payment(
            view.open_bills, [Tender(method, view.due)], store=self.store, by=self.crew.cashier, now=at
        )
        if stage == "delivered":
            leaving = LeavingCar(old_parts_choice="give_up", keys_out=True)
            actions.hand_over(WorkOrder.objects.get(pk=order.pk), leaving=leaving, by=self.crew.cashier, now=at)

    def _hand_out(self, order: WorkOrder, now: datetime) -> None:
        lines = RequestLine.objects.filter(request__source_id=order.pk, request__source_kind="workshop.order")
        for line in lines.select_related("part").order_by("pk"):
            parts.issue(line, quantity=line.outstanding, typed_number=line.part.part_no, by=self.crew.keeper, now=now)

    def book(self, cars: list[Vehicle]) -> None:
        """Appointments for the rest of today and the next two weeks, as there is room; the foreman over-books two."""
        squeezed = 0
        for place, car in enumerate(cars):
            codes, words = self.random.choice(ELECTRIC if _is_electric(car) else WISHES)
            wishes = list(self._wished(place))
            may_squeeze = not _is_electric(car) and squeezed < OVER_BOOKED.get(self.store.code, 0)
            for wanted in wishes:
                try:
                    self._book(car, wanted, codes, words)
                except Refused:
                    if wanted != wishes[0] or not may_squeeze:
                        continue
                    self._book(car, wanted, codes, words, over_book=True)
                    squeezed += 1
                break

    def _book(
        self, car: Vehicle, wanted: datetime, codes: Sequence[str], words: str, *, over_book: bool = False
    ) -> None:
        actions.book(
            wanted_at=wanted,
            vehicle=car,
            op_codes=codes,
            request_text=words,
            over_book=over_book,
            by=self.crew.foreman if over_book else self.crew.advisors[0],
            now=self.now,
        )

    def _wished(self, place: int) -> Iterator[datetime]:
        """What suits a customer, the sooner the better: today while it is not late, then an hour of the next days."""
        for minutes in (25, 85, 145) if place < BOOKED_TODAY else ():
            today = _on_ten(self.now + timedelta(minutes=minutes + 25 * place))
            if self.store.local(today).hour < 17:
                yield today
        for day in (1 + place % DAYS_AHEAD, 2 + place % DAYS_AHEAD):
            later = self.store.local(self.now + timedelta(days=day))
            yield later.replace(hour=9 + place % 7, minute=30, second=0, microsecond=0)


def _is_electric(car: Vehicle) -> bool:
    return bool(car.model and car.model.energy == "bev")


def _on_ten(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)
