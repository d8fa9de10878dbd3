/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* An element as a black box: a source of the test before it, a sink of the test behind it, as far
 * as it has pads for them, one for its dead letters if the test wants it, and a bus. All waits have a
 * deadline, see ef-test-loop.h.
 *
 *   g_autoptr (EfHarness) harness = ef_harness_new (EF_ELEMENT (element));
 *
 *   ef_harness_start (harness);
 *   ef_harness_push_text (harness, "{\"a\":1}");
 *   event = ef_harness_pull (harness);
 *
 * It is used from one thread, whose default context the element gets. Behind an element that is a
 * thread boundary, the sink of the test lives on that other thread.
 *
 * ef_harness_free() stops the element if it runs, and fails the test if something keeps it alive,
 * or if an error was posted that the test did not take. */
typedef struct _EfHarness EfHarness;

EfHarness *ef_harness_new (EfElement *element);

void ef_harness_free (EfHarness *self);

EfElement *ef_harness_get_element (EfHarness *self);

void ef_harness_configure (EfHarness *self, const char *config);

void ef_harness_link_errors (EfHarness *self);

/* States. */

void ef_harness_set_state (EfHarness *self, EfState state);

gboolean ef_harness_try_set_state (EfHarness *self, EfState state, GError **error);

void ef_harness_start (EfHarness *self);

void ef_harness_stop (EfHarness *self);

/* Into the element. */

void ef_harness_push (EfHarness *self, EfBatch *batch);

void ef_harness_push_event (EfHarness *self, EfEvent *event);

void ef_harness_push_text (EfHarness *self, const char *text);

void ef_harness_push_eos (EfHarness *self);

void ef_harness_push_gap (EfHarness *self, const char *cause);

gboolean ef_harness_is_held (EfHarness *self);

/* Out of the element. What is pulled comes in the order in which it came, and a pull of the wrong
 * kind fails the test. */

EfEvent *ef_harness_try_pull (EfHarness *self);

EfEvent *ef_harness_pull (EfHarness *self);

char *ef_harness_pull_text (EfHarness *self);

void ef_harness_assert_text (EfHarness *self, const char *expected);

void ef_harness_assert_json (EfHarness *self, const char *expected);

EfEvent *ef_harness_try_pull_dead_letter (EfHarness *self);

void ef_harness_pull_eos (EfHarness *self);

EfMarker *ef_harness_pull_gap (EfHarness *self);

guint ef_harness_get_n_waiting (EfHarness *self);

guint64 ef_harness_get_n_batches (EfHarness *self);

void ef_harness_hold (EfHarness *self);

void ef_harness_release (EfHarness *self);

void ef_harness_take_batches (EfHarness *self, guint n_batches);

/* What the element says. */

EfMessage *ef_harness_try_pull_message (EfHarness *self, EfMessageKind kind);

EfMessage *ef_harness_pull_message (EfHarness *self, EfMessageKind kind);

void ef_harness_pull_error (EfHarness *self, GQuark domain, int code, const char *text);

void ef_harness_assert_warning (EfHarness *self, EfError code, const char *expected);

guint64 ef_harness_get_stat (EfHarness *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfHarness, ef_harness_free)

G_END_DECLS
