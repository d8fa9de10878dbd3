# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What was measured: samples of single runs, and what they say together."""

from dataclasses import dataclass, field
from statistics import median


class Sample:
    """One run of one program."""

    def __init__(self, printed):
        self.values = dict(printed)
        messages = self.values['messages']
        self.values['rate'] = messages / self.values['seconds']
        self.values['cpu_us'] = self.values['cpu'] / messages * 1e6
        self.values['mb_per_second'] = self.values['bytes'] / self.values['seconds'] / 1e6

    def __getitem__(self, metric):
        return self.values[metric]


@dataclass
class RowResult:
    """All counted runs of one program in one case."""

    label: str
    samples: list = field(default_factory=list)
    failure: str | None = None

    def median(self, metric):
        values = [sample[metric] for sample in self.samples if metric in sample.values]
        return median(values) if values else None


@dataclass
class CaseResult:
    case: object
    rows: dict
    left_out: dict

    def ratio(self, label, to, metric):
        """The median of the rounds' ratios: both sides of each met the machine in the same mood."""
        ours = self.rows.get(label)
        theirs = self.rows.get(to)
        if ours is None or theirs is None:
            return None
        pairs = [(a[metric], b[metric]) for a, b in zip(ours.samples, theirs.samples)]
        if not pairs:
            return None
        return median(a / b if b else float('inf') for a, b in pairs)

    def verdicts(self):
        return [verdict for target in self.case.targets for verdict in target.judge(self)]
