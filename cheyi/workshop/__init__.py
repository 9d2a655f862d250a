"""From the booking to the hand-over: appointments, the walk-around, work orders, dispatch, checks and claims.

车间与接待：预约单 appointment、环车检查 inspection、工单 work order、工时行 labour line、派工 dispatch、技师 technician、
工位 bay、技能 skill、增项与建议 finding and advice、质检 quality check、合格证 certificate、旧件 old part、代步车 loaner、
索赔 claim。承诺交车时间 promised time 与当日排程由 ``engine`` 计算。
"""
