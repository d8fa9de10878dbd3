/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-test-element.h"
#include "ef-test-elements.h"

G_BEGIN_DECLS

/* A pipeline of elements that are linked one behind the other, and what it tells. */
typedef struct
{
  EfPipeline *pipeline;
  GPtrArray *errors;     /* texts */
  guint n_eos;
  guint n_error_signals;
  guint n_eos_signals;
  gboolean finished;
  GError *error;         /* of the last call that finished */
} EfTestPipeline;

void ef_test_pipeline_init (EfTestPipeline *self);

/* With elements that are linked one behind the other: names, which are those of their kinds (source,
 * transform, queue, sink), and where to put them, then NULL. */
void ef_test_pipeline_init_chain (EfTestPipeline *self,
                                  const char *name,
                                  gpointer *element,
                                  ...) G_GNUC_NULL_TERMINATED;

void ef_test_pipeline_clear (EfTestPipeline *self);

gpointer ef_test_pipeline_add (EfTestPipeline *self, GType type, const char *name);

void ef_test_pipeline_on_set_state (GObject *object, GAsyncResult *result, gpointer user_data);

void ef_test_pipeline_set_state (EfTestPipeline *self, EfState state);

void ef_test_pipeline_set_state_well (EfTestPipeline *self, EfState state);

void ef_test_assert_log (const char *expected);

void ef_test_assert_text_has (const char *log, const char *expected, gboolean has);

void ef_test_pipeline_assert_null (EfTestPipeline *self);

gboolean ef_test_pipeline_plays (gpointer data);

gboolean ef_test_pipeline_is_null (gpointer data);

void ef_test_element_fail (gpointer element);

G_END_DECLS
