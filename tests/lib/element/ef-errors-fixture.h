/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-harness.h"
#include "ef-test-clock.h"
#include "ef-test-faulty.h"

G_BEGIN_DECLS

/* An element that fails as it is told, in a harness and with a clock of the test. */
typedef struct
{
  EfTestClock *clock;
  EfTestFaulty *faulty;
  EfElement *element; /* the same */
  EfHarness *harness;
  EfElement *dead;    /* NULL unless errors are linked */
  GError *soft;       /* one that another try may help */
  GError *hard;       /* one that none will */
} ErrorsFixture;

void errors_fixture_set_up (ErrorsFixture *fixture, gconstpointer data);

void errors_fixture_tear_down (ErrorsFixture *fixture, gconstpointer data);

void errors_fixture_link_dead (ErrorsFixture *fixture);

void errors_fixture_start (ErrorsFixture *fixture, const char *config);

void errors_fixture_push (ErrorsFixture *fixture, const char *words);

void errors_fixture_assert_out (ErrorsFixture *fixture, const char *expected);

void errors_fixture_assert_stats (ErrorsFixture *fixture, const char *expected);

void errors_fixture_assert_delay (ErrorsFixture *fixture, gint64 milliseconds);

void errors_fixture_advance (ErrorsFixture *fixture, gint64 milliseconds);

#define errors_fixture_add(path, func) \
  g_test_add (path, ErrorsFixture, NULL, errors_fixture_set_up, func, errors_fixture_tear_down)

G_END_DECLS
