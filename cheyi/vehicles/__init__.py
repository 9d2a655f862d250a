"""Cars: identification, plates, owners, mileage, models, dates that fall due, recalls.

车辆：车架号 vin、号牌 plate、车主关系 ownership、里程读数 mileage reading、品牌车系车型 brand, series and model、
质保、保险、年检与下次保养的日期 due dates、召回 recall。
"""
