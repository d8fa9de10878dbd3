# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bench: what is measured against what, how, and what must come out."""
