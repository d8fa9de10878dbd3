# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs cases: rounds in which every program has its turn, so that a slow minute hits all alike."""

from dataclasses import dataclass

from .build import Unavailable
from .procedures import RunFailed, Stage
from .results import CaseResult, RowResult, Sample


@dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: float  # how long a run of the measured program should take
    quick: bool  # smaller fixed counts
    few_peers: bool  # only the peers that a case names for quick runs
    timeout: float = 600.0


FULL = Effort(rounds=5, seconds=1.0, quick=False, few_peers=False)
QUICK = Effort(rounds=3, seconds=0.1, quick=True, few_peers=True)


class Runner:
    def __init__(self, builder, cores, effort, log):
        self._builder = builder
        self._effort = effort
        self._stage = Stage(builder, cores, effort.timeout)
        self._log = log

    def run(self, case):
        commands, left_out = self._prepare(case)
        rows = {row.label: RowResult(row.label) for row in case.rows if row.label in commands}
        counts = self._counts(case, commands, rows)
        rounds = min(case.rounds or self._effort.rounds, self._effort.rounds)

        for number in range(rounds):
            self._log(f'{case.name}: round {number + 1} of {rounds}')
            for row in _rotated([row for row in case.rows if row.label in counts], number):
                self._measure(row, commands[row.label], counts[row.label], rows[row.label])

        return CaseResult(case, rows, left_out)

    def _prepare(self, case):
        commands = {}
        left_out = {}
        for row in case.rows:
            if self._effort.few_peers and case.quick and row.label not in case.quick:
                continue
            try:
                commands[row.label] = row.recipe.command(self._builder)
            except Unavailable as reason:
                left_out[row.label] = str(reason)
        return commands, left_out

    def _counts(self, case, commands, rows):
        if case.fixed:
            full, quick = case.fixed
            return dict.fromkeys(commands, quick if self._effort.quick else full)
        return self._calibrate(case, commands, rows)

    def _calibrate(self, case, commands, rows):
        """One uncounted run each says how many messages fill a round."""
        counts = {}
        for row in case.rows:
            if row.label not in commands:
                continue
            sample = self._attempt(row, commands[row.label], case.first, rows[row.label])
            if sample is not None:
                counts[row.label] = max(int(sample['rate'] * self._effort.seconds), case.first)
        return counts

    def _measure(self, row, command, count, result):
        if result.failure is None:
            sample = self._attempt(row, command, count, result)
            if sample is not None:
                result.samples.append(sample)

    def _attempt(self, row, command, count, result):
        try:
            return Sample(row.procedure(command, count, self._stage))
        except (RunFailed, Unavailable) as failure:
            self._log(f'{row.label}: {failure}')
            result.failure = str(failure)
            return None


def _rotated(rows, by):
    """Nobody is always first, or always behind the same neighbour's warm caches."""
    by %= max(len(rows), 1)
    return rows[by:] + rows[:by]
