# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints results: Markdown for people, JSON for programs."""

import json

from .peers import PRODUCT

HEADINGS = {
    'rate': 'messages/s',
    'ratio': 'ratio',
    'cpu_us': 'CPU µs a message',
    'cpu_ratio': 'CPU ratio',
    'mb_per_second': 'MB/s',
    'p50_us': 'p50 µs',
    'p99_us': 'p99 µs',
    'bytes_each': 'bytes each',
    'peak_mib': 'most resident MiB',
    'share_taken': 'share taken during the stall',
    'resident_mib': 'resident MiB',
    'growth_mib': 'growth MiB',
}


def markdown(results, preamble):
    parts = [preamble, _summary(results), *(_section(result) for result in results)]
    return '\n'.join(part for part in parts if part)


def to_json(results, about):
    return json.dumps({**about, 'cases': [_case_json(result) for result in results]}, indent=2,
                      ensure_ascii=False)


def _summary(results):
    rows = []
    for result in results:
        for verdict in result.verdicts():
            mark = 'yes' if verdict.met else '**no**'
            rows.append((result.case.name, verdict.text, f'{verdict.value:.2f}', mark))
    return _table(('case', 'target', 'measured', 'met'), rows, left=2) + '\n' if rows else ''


def _section(result):
    case = result.case
    headings = [HEADINGS[column] for column in case.columns]
    rows = [(label, *(_cell(result, label, column) for column in case.columns))
            for label in _ordered(result)]
    text = f'### {case.name}: {case.title}\n\n'
    if {'ratio', 'cpu_ratio'} & set(case.columns):
        text += f'Ratios are to {case.reference}.\n\n'
    text += _table(('program', *headings), rows) + '\n'
    for label, row in result.rows.items():
        if row.failure:
            text += f'\n{label} failed: {row.failure}\n'
    for label, reason in result.left_out.items():
        text += f'\nLeft out: {label} ({reason})\n'
    return text


def _ordered(result):
    """The product first, then the best."""
    metric = 'rate' if 'rate' in result.case.columns else None
    labels = [label for label, row in result.rows.items() if row.samples]
    if metric:
        labels.sort(key=lambda label: -result.rows[label].median(metric))
    return sorted(labels, key=lambda label: not label.startswith(PRODUCT))


def _cell(result, label, column):
    reference = result.case.reference
    if column == 'ratio':
        # Always times as fast, so that more is better for a rate and for a latency alike.
        if 'rate' in result.case.columns:
            value = result.ratio(label, reference, 'rate')
        else:
            value = result.ratio(reference, label, 'p50_us')
    elif column == 'cpu_ratio':
        value = result.ratio(label, reference, 'cpu_us')
    else:
        value = result.rows[label].median(column)
    return f'{value:.0f}' if column == 'bytes_each' and value is not None else _number(value)


def _number(value):
    if value is None:
        return '–'
    if value >= 1e6:
        return f'{value / 1e6:.2f} M'
    if value >= 1e4:
        return f'{value / 1e3:.0f} k'
    if value >= 100:
        return f'{value:.0f}'
    if value >= 1:
        return f'{value:.2f}'
    return f'{value:.3f}'


def _table(headings, rows, left=1):
    """A Markdown table whose first columns are texts and whose others are numbers."""
    cells = [headings, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]

    def line(row):
        padded = (text.ljust(width) if i < left else text.rjust(width)
                  for i, (text, width) in enumerate(zip(row, widths)))
        return f'| {" | ".join(padded)} |'

    rule = '|'.join('-' * (width + 1) + ('-' if i < left else ':')
                    for i, width in enumerate(widths))
    return '\n'.join([line(headings), f'|{rule}|', *map(line, rows)])


def _case_json(result):
    return {
        'name': result.case.name,
        'title': result.case.title,
        'reference': result.case.reference,
        'rows': [{
            'label': label,
            'failure': row.failure,
            'median': {metric: row.median(metric) for metric in row.samples[0].values}
            if row.samples else None,
            'rounds': [sample.values for sample in row.samples],
        } for label, row in result.rows.items()],
        'left_out': result.left_out,
        'targets': [{'text': verdict.text, 'value': verdict.value, 'met': verdict.met}
                    for verdict in result.verdicts()],
    }
