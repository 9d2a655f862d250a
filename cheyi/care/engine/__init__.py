"""When a car is due, whether to say so, who is drifting away: no database, no web, the same answer for the same input.

到期、提醒、流失、分级、磨损的算法：纯 Python，冻结数据类进出，同样的输入得到同样的结果；不知道时说明原因。

Enter by: ``odometer.clean`` and ``entry.question`` (readings), ``pace.daily_distance`` and ``group.learn`` (kilometres a day),
``schedule.standard`` and ``due.next_service`` (the date and its chance), ``reminder.decide`` (write or be silent),
``drift.drift`` (overdue ratio), ``life.of_car`` (life cycle), ``rfm.rate`` (classes), ``wear.limit`` (pads, tyres, battery); ``many``
does drift, life cycle and classes for whole files. ``docs/engines/care.md`` tells how and why.
"""
