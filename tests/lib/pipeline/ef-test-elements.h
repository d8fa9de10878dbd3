/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* The smallest elements there can be. Each step of their states is written to a log, and each can
 * be told to fail at one of them.
 *
 * EfTestSource brings `count` events, then the end of its stream; EfTestTransform passes on what
 * comes; EfTestSink counts it; EfTestQueue is the boundary to a thread of its own. */

#define EF_TYPE_TEST_SOURCE (ef_test_source_get_type ())
G_DECLARE_FINAL_TYPE (EfTestSource, ef_test_source, EF, TEST_SOURCE, EfSource)

#define EF_TYPE_TEST_TRANSFORM (ef_test_transform_get_type ())
G_DECLARE_FINAL_TYPE (EfTestTransform, ef_test_transform, EF, TEST_TRANSFORM, EfTransform)

#define EF_TYPE_TEST_SINK (ef_test_sink_get_type ())
G_DECLARE_FINAL_TYPE (EfTestSink, ef_test_sink, EF, TEST_SINK, EfSink)

#define EF_TYPE_TEST_QUEUE (ef_test_queue_get_type ())
G_DECLARE_FINAL_TYPE (EfTestQueue, ef_test_queue, EF, TEST_QUEUE, EfElement)

/* What an element is to do at a step. */
typedef enum
{
  EF_TEST_WELL,
  EF_TEST_FAIL,
  EF_TEST_HANG,    /* open alone: until it is cancelled */
} EfTestOutcome;

void ef_test_element_set_steps (EfElementClass *klass);

void ef_test_element_write_log (gpointer element, const char *step);

EfTestOutcome ef_test_element_get_outcome (gpointer element, const char *step);

void ef_test_element_set_outcome (gpointer element, const char *step, EfTestOutcome outcome);

guint ef_test_sink_get_n_events (EfTestSink *self);

GThread *ef_test_sink_get_thread (EfTestSink *self);

/* The steps that all elements have taken, as “NAME STEP” with commas between, since the last call.
 * */
char *ef_test_steal_log (void);

G_END_DECLS
