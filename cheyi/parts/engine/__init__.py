"""Pure algorithms on parts: part numbers and the wrong-part guard, demand forecast, stocking and pooling.

No Django, no database; NumPy is imported on first use.
编号归一、错件防护、需求预测与备货、调拨平衡、呆滞处置。

Enter by: ``guard.judge`` (a number meets a job), ``history.month_series`` with ``supersession.heirs`` (demand from documents),
``leadtimes.learn`` (days from order to shelf), ``classes.classify`` and ``.movement`` (ABC, XYZ, idle days),
``stocking.propose`` (levels and orders), ``pooling.plan`` (move before buying), ``slow.verdict`` (what lies idle).
"""
