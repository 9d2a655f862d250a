"""Dispatch, promise times and bookings as plain algorithms: no database, no web, the same answer for the same input.

派工、承诺时间与预约能力的算法：纯 Python，冻结数据类进出，同样的输入得到同样的结果。

Enter by: ``model`` (what goes in and comes out), ``plans.plan_by_rule`` (the day's plan at once), ``suggest.rank`` (who
should do a line), ``promise.quote`` (when a new order is ready), ``risk.at_risk`` (broken promises and what would help),
``apart.Improver`` (a better plan, from a process of its own), ``compare.difference`` (what changed),
``capacity.cheapest_slots`` (bookings), ``bench.run`` (measuring). ``docs/engines/dispatch.md`` tells how and why.
"""
