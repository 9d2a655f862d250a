"""Doubles in a whole file or between two: blocking, comparing, Fellegi–Sunter weights by EM, pairing and clustering.

The only part of the engine that uses NumPy; import it where a batch is run, never when the web process starts.
批量匹配：分块、比较、权重学习、配对与聚类。
"""
