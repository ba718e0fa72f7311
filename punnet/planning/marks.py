"""Control characters that mean something in the text of an answer: valid JSON text holds none of them.

What sources write with them, and execution finds again:

- `UNREPRESENTABLE` stands for a value that the API cannot carry.
- `PLACE number key PLACE` is filled by another source: the number of a hop in the plan, and its key as a JSON list.
- `PLACE !number[columns, values] PLACE` is one whose key the request may know better. The values may hold nulls.
- `BETWEEN_ANSWERS` parts the answers to the keys of a batch.
"""

from __future__ import annotations

UNREPRESENTABLE = b"\x01"
PLACE = b"\x02"
BETWEEN_ANSWERS = b"\x03"
