# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a case must show."""

from dataclasses import dataclass

from .peers import PRODUCT

METRIC_NAMES = {
    'rate': 'messages/s',
    'cpu_us': 'CPU a message',
    'p50_us': 'median',
    'p99_us': 'p99',
    'bytes_each': 'bytes each',
    'peak_mib': 'most resident memory',
    'share_taken': 'taken during the stall',
    'growth_mib': 'growth',
}


@dataclass(frozen=True)
class Verdict:
    text: str
    value: float
    met: bool


@dataclass(frozen=True)
class AtLeast:
    """The product's metric is at least so many times another's."""

    factor: float
    of: str
    metric: str = 'rate'
    row: str = PRODUCT

    def judge(self, result):
        value = result.ratio(self.row, self.of, self.metric)
        if value is None:
            return []
        text = f'{_name(self.metric, self.row)} at least {self.factor:g} times {self.of}'
        return [Verdict(text, value, value >= self.factor)]


@dataclass(frozen=True)
class AtMost:
    """The product's metric is at most so many times another's."""

    factor: float
    of: str
    metric: str
    row: str = PRODUCT

    def judge(self, result):
        value = result.ratio(self.row, self.of, self.metric)
        if value is None:
            return []
        text = f'{_name(self.metric, self.row)} at most {self.factor:g} times {self.of}'
        return [Verdict(text, value, value <= self.factor)]


@dataclass(frozen=True)
class Below:
    """A metric of the product stays under a limit."""

    metric: str
    limit: float
    unit: str
    row: str = PRODUCT

    def judge(self, result):
        row = result.rows.get(self.row)
        value = row.median(self.metric) if row else None
        if value is None:
            return []
        text = f'{_name(self.metric, self.row)} below {self.limit:g} {self.unit}'
        return [Verdict(text, value, value < self.limit)]


def _name(metric, row):
    name = METRIC_NAMES.get(metric, metric)
    return name if row == PRODUCT else f'{row}: {name}'
