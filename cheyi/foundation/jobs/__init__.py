"""Work for later and for the background: rows that survive a killed worker (design.md 14, docs/decisions/0003-jobs.md)."""

from cheyi.foundation.jobs.queue import defer, withdraw
from cheyi.foundation.jobs.registering import JOBS, SCHEDULES, Plan, every, job
from cheyi.foundation.jobs.upkeep import tidy

__all__ = ["JOBS", "SCHEDULES", "Plan", "defer", "every", "job", "tidy", "withdraw"]
