"""The names that BPMN 2.0 and our extension of it have in a file, and what every part of the room may know of them.

What BPMN has no word for (roles, budgets, lawful actions, places) stands in `motcua:` elements, which other tools
keep as they find them.
"""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:motcua:bpmn:1"

MOST_BYTES = 2_000_000
MOST_ELEMENTS = 20_000
DEEPEST = 40
