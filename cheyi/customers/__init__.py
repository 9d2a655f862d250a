"""People and firms the store works for: contacts, consent, contact holds, tags, duplicates and merging.

客户：档案、联系人、授权、暂停联系、标签、查重与合并。
"""
