/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* Treats a transform as a black box: feeds its input, and collects what comes out of `src` and of
 * `errors`, and the warnings it posts. */
typedef struct _EfTestHarness EfTestHarness;

EfTestHarness *ef_test_harness_new (EfElement *element);

void ef_test_harness_free (EfTestHarness *self);

gboolean ef_test_harness_start (EfTestHarness *self, GError **error);

void ef_test_harness_push (EfTestHarness *self, EfBatch *batch);

void ef_test_harness_push_event (EfTestHarness *self, EfEvent *event);

void ef_test_harness_push_text (EfTestHarness *self, const char *text);

EfEvent *ef_test_harness_take_event (EfTestHarness *self);

char *ef_test_harness_take_json (EfTestHarness *self);

EfEvent *ef_test_harness_take_dead_letter (EfTestHarness *self);

GError *ef_test_harness_take_warning (EfTestHarness *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfTestHarness, ef_test_harness_free)

G_END_DECLS
