"""The models of the labs, on the formulas; each has a double of the same name in `static/labs/`."""

from retention_kit.widgets.labs import retention_rate
from retention_kit.widgets.labs.spec import LabSpec

LABS: dict[str, LabSpec] = {lab.name: lab for lab in (retention_rate.LAB,)}
