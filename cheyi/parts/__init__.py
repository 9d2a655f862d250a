"""Parts, stock, purchasing, transfers and counts, and what to keep on the shelf.

配件：目录、库存、采购、调拨、盘点与备货建议。
"""
