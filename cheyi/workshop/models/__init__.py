"""The tables of the workshop, cut by thing."""

from cheyi.workshop.models.appointments import Appointment
from cheyi.workshop.models.calls import CallBack
from cheyi.workshop.models.catalogue import (
    LabourOp,
    MaintenanceSchedule,
    OpHours,
    OpPart,
    Package,
    RateCard,
    ScheduleNode,
)
from cheyi.workshop.models.flow import FlowProfile
from cheyi.workshop.models.lines import FeeLine, LabourLine, Line, PartLine, SubletLine
from cheyi.workshop.models.orders import OrderSpell, PromiseChange, WorkOrder
from cheyi.workshop.models.people import Bay, Skill, TechnicianProfile, TechnicianSkill
from cheyi.workshop.models.points import PointAnswer
from cheyi.workshop.models.progress import ProgressLink
from cheyi.workshop.models.work import (
    Advice,
    Answer,
    Assignment,
    Certificate,
    ClockedHours,
    Finding,
    FindingPhoto,
    Inspection,
    InspectionPhoto,
    JobClock,
    QCRecord,
)

__all__ = [
    "Advice",
    "Answer",
    "Appointment",
    "Assignment",
    "Bay",
    "CallBack",
    "Certificate",
    "ClockedHours",
    "FeeLine",
    "Finding",
    "FindingPhoto",
    "FlowProfile",
    "Inspection",
    "InspectionPhoto",
    "JobClock",
    "LabourLine",
    "LabourOp",
    "Line",
    "MaintenanceSchedule",
    "OpHours",
    "OpPart",
    "OrderSpell",
    "Package",
    "PartLine",
    "PointAnswer",
    "ProgressLink",
    "PromiseChange",
    "QCRecord",
    "RateCard",
    "ScheduleNode",
    "Skill",
    "SubletLine",
    "TechnicianProfile",
    "TechnicianSkill",
    "WorkOrder",
]
