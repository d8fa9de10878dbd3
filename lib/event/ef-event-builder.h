/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-batch.h"

G_BEGIN_DECLS

#define EF_TYPE_EVENT_BUILDER (ef_event_builder_get_type ())

/**
 * EfEventBuilder:
 *
 * Makes events of one schema, one after the other.
 *
 * Begin an event, set its columns in any order (those not set are NULL), and end it. A builder may
 * be used from one thread at a time. It lays the events of a run into one block of memory, which is
 * used again once all of them are gone: so an element keeps its builder for as long as it lives, and
 * calls [method@EventFlux.EventBuilder.flush] at the end of each batch.
 */
typedef struct _EfEventBuilder EfEventBuilder;

EF_AVAILABLE_IN_1_0
GType ef_event_builder_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfEventBuilder *ef_event_builder_new (EfSchema *schema);

EF_AVAILABLE_IN_1_0
EfEventBuilder *ef_event_builder_ref (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
void ef_event_builder_unref (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
EfSchema *ef_event_builder_get_schema (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
void ef_event_builder_begin (EfEventBuilder *self, gint64 timestamp);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_null (EfEventBuilder *self, guint column);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_boolean (EfEventBuilder *self, guint column, gboolean value);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_int64 (EfEventBuilder *self, guint column, gint64 value);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_double (EfEventBuilder *self, guint column, double value);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_string (EfEventBuilder *self,
                                  guint column,
                                  const char *value,
                                  gssize length);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_data (EfEventBuilder *self,
                                guint column,
                                EfColumnType type,
                                gconstpointer data,
                                gsize length);

EF_AVAILABLE_IN_1_0
void ef_event_builder_set_slice (EfEventBuilder *self,
                                 guint column,
                                 EfColumnType type,
                                 gconstpointer data,
                                 gsize length);

EF_AVAILABLE_IN_1_0
char *ef_event_builder_reserve (EfEventBuilder *self, gsize used, gsize room);

EF_AVAILABLE_IN_1_0
void ef_event_builder_commit (EfEventBuilder *self,
                              guint column,
                              EfColumnType type,
                              gsize length);

EF_AVAILABLE_IN_1_0
EfValue *ef_event_builder_peek_values (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
EfEvent *ef_event_builder_end (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
void ef_event_builder_abandon (EfEventBuilder *self);

EF_AVAILABLE_IN_1_0
char *ef_event_builder_begin_payload (EfEventBuilder *self, gsize room);

EF_AVAILABLE_IN_1_0
void ef_event_builder_end_payload (EfEventBuilder *self,
                                   EfBatch *batch,
                                   gint64 timestamp,
                                   gsize length);

EF_AVAILABLE_IN_1_0
void ef_event_builder_pin (EfEventBuilder *self,
                           gpointer owner,
                           GBoxedCopyFunc ref,
                           GDestroyNotify unref);

EF_AVAILABLE_IN_1_0
void ef_event_builder_flush (EfEventBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfEventBuilder, ef_event_builder_unref)

G_END_DECLS
