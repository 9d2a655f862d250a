"""Pure algorithms on people: normal forms and checks of what is typed, near misses, duplicate scoring and linkage.

No Django, no database; NumPy is imported on first use by the batch linkage only.
归一、校验、近似键、查重打分与批量匹配。
"""
