"""Demand of all parts of a warehouse at once: cleaning, two memories, count distributions, back-test.

The only part of the engine, beside ``bench``, that uses NumPy: import it where a batch is run, never when the web
process starts. 配件需求预测：清洗、长短记忆、计数分布、回测。
"""
