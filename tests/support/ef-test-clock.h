/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TEST_CLOCK (ef_test_clock_get_type ())

G_DECLARE_FINAL_TYPE (EfTestClock, ef_test_clock, EF, TEST_CLOCK, EfClock)

/* What a new clock shows: a second after its start, and the first moment of 2026. */
#define EF_TEST_CLOCK_START G_USEC_PER_SEC
#define EF_TEST_CLOCK_REAL_START (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC)

EfTestClock *ef_test_clock_new (void);

void ef_test_clock_advance (EfTestClock *self, gint64 usec);

void ef_test_clock_let_pass (EfTestClock *self, gint64 usec);

void ef_test_clock_set_real_time (EfTestClock *self, gint64 usec);

gint64 ef_test_clock_get_next_delay (EfTestClock *self);

guint ef_test_clock_get_n_timeouts (EfTestClock *self);

G_END_DECLS
