"""After the visit: when a car is due again, whom to remind and whom to leave in peace, who is drifting away, who is worth what.

客户关怀：保养到期 due service、提醒 reminder、流失 drift（逾期倍数 overdue ratio、流失风险 at risk）、生命周期 life cycle、
客户分级 RFM class、磨损 wear。Now it holds the engine alone; tasks, complaints and campaigns will stand beside it.
"""
