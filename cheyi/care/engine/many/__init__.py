"""Classes, life cycles and drift of whole files at once; the only part of the engine that uses NumPy.

Import it where a batch is run, never when the web process starts. 整批计算：分级、生命周期、逾期倍数。
"""
