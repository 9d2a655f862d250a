"""The verbs of the workshop; the only code that writes its tables."""

from cheyi.workshop.actions.absences import end_absence, note_absence, take_back_absence
from cheyi.workshop.actions.accepting import accept, place
from cheyi.workshop.actions.appointments import (
    arrive,
    book,
    cancel_appointment,
    confirm,
    mark_no_show,
    reschedule,
)
from cheyi.workshop.actions.calling import record_call, take_back_call
from cheyi.workshop.actions.checking import finish_wash, pass_check, record_check, send_back, skip_check, skip_wash
from cheyi.workshop.actions.crediting import put_on_credit
from cheyi.workshop.actions.describing import change_promise, confirm_mileage, describe, set_customer
from cheyi.workshop.actions.dispatching import assign, dispatch, placements_of, take_off
from cheyi.workshop.actions.drafting import JobWanted, PartWanted
from cheyi.workshop.actions.ending import ask_cancel, cancel, stop_work
from cheyi.workshop.actions.extras import add_extra, add_extra_part, approve, ask_again, decline, pending_lines
from cheyi.workshop.actions.finishing import finish, hold, resume
from cheyi.workshop.actions.flows import set_flows, take_back_flows
from cheyi.workshop.actions.handing_over import (
    LeavingCar,
    close,
    come_back,
    hand_over,
    pay,
    pay_and_hand_over,
    set_responsibility,
)
from cheyi.workshop.actions.inspecting import WalkAround, inspect, note_finding, raise_again, report_finding
from cheyi.workshop.actions.lines import (
    add_fee,
    add_line,
    add_part,
    add_sublet,
    change_quantity,
    put_back,
    remove_line,
)
from cheyi.workshop.actions.moves import BY_KIND
from cheyi.workshop.actions.news import see_news
from cheyi.workshop.actions.opening import open_order, receive
from cheyi.workshop.actions.payers import split_payers
from cheyi.workshop.actions.people import (
    add_bay,
    change_bay,
    change_technician,
    take_back_bay,
    take_back_technician,
)
from cheyi.workshop.actions.placing import Placement
from cheyi.workshop.actions.points import answer_point
from cheyi.workshop.actions.prices import (
    agree_to_price,
    approve_discount,
    change_price,
    discount,
    refuse_discount,
)
from cheyi.workshop.actions.progress import renew_link
from cheyi.workshop.actions.settling import ask_unsettle, present_bills, reopen, settle, unsettle
from cheyi.workshop.actions.true_times import agree_clock, correct_clock, decline_clock, put_clock_back
from cheyi.workshop.actions.working import finish_job, pause_job, reopen_job, start_job

__all__ = [
    "BY_KIND",
    "JobWanted",
    "LeavingCar",
    "PartWanted",
    "Placement",
    "WalkAround",
    "accept",
    "add_bay",
    "add_extra",
    "add_extra_part",
    "add_fee",
    "add_line",
    "add_part",
    "add_sublet",
    "agree_clock",
    "agree_to_price",
    "answer_point",
    "approve",
    "approve_discount",
    "arrive",
    "ask_again",
    "ask_cancel",
    "ask_unsettle",
    "assign",
    "book",
    "cancel",
    "cancel_appointment",
    "change_bay",
    "change_price",
    "change_promise",
    "change_quantity",
    "change_technician",
    "close",
    "come_back",
    "confirm",
    "confirm_mileage",
    "correct_clock",
    "decline",
    "decline_clock",
    "describe",
    "discount",
    "dispatch",
    "end_absence",
    "finish",
    "finish_job",
    "finish_wash",
    "hand_over",
    "hold",
    "inspect",
    "mark_no_show",
    "note_absence",
    "note_finding",
    "open_order",
    "pass_check",
    "pause_job",
    "pay",
    "pay_and_hand_over",
    "pending_lines",
    "place",
    "placements_of",
    "present_bills",
    "put_back",
    "put_clock_back",
    "put_on_credit",
    "raise_again",
    "receive",
    "record_call",
    "record_check",
    "refuse_discount",
    "remove_line",
    "renew_link",
    "reopen",
    "reopen_job",
    "report_finding",
    "reschedule",
    "resume",
    "see_news",
    "send_back",
    "set_customer",
    "set_flows",
    "set_responsibility",
    "settle",
    "skip_check",
    "skip_wash",
    "split_payers",
    "start_job",
    "stop_work",
    "take_back_absence",
    "take_back_bay",
    "take_back_call",
    "take_back_flows",
    "take_back_technician",
    "take_off",
    "unsettle",
]
