"""What would change if: a few hypothetical statements beside a snapshot, in memory, and the same questions asked of both.

A scenario is turned into the records that an office would send (:mod:`.stating`). What they change is applied as a difference to the
dataset (:mod:`.applying`, :mod:`.store`) and to the arrays (:mod:`.organisations`, :mod:`.events`) as they are read; nothing is written
anywhere. Routes, gaps and indicators are then asked of today's snapshot and of the changed one by the same code (:mod:`.comparing`).
"""
