/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <gio/gio.h>

#include "ef-schema.h"

G_BEGIN_DECLS

#define EF_TYPE_EVENT (ef_event_get_type ())

/**
 * EfEvent:
 *
 * What flows through a pipeline: a timestamp, a schema, and one value a column.
 *
 * A raw message is an event too: it has the single column `payload`, of type `STRING` for a text
 * message and `BYTES` for a binary one.
 *
 * Events never change, so they may be shared and read from any thread. An event may lie in memory
 * that it shares with its neighbours, such as the buffer that it was read into. Who keeps events
 * for longer than the call that brought them keeps that memory too, and therefore calls
 * [method@EventFlux.Event.detach] or [method@EventFlux.Batch.detach] and keeps what these return.
 */
typedef struct _EfEvent EfEvent;

/**
 * EfValue: (skip)
 * @v_int: the value of an `INT`, `LONG` or `BOOL` (0 or 1)
 * @v_double: the value of a `FLOAT` or `DOUBLE`
 * @v_data: the bytes of a `STRING`, `BYTES` or `JSON`, with no terminator
 * @length: how many bytes @v_data has
 * @type: an [enum@EventFlux.ColumnType], %EF_COLUMN_NULL for NULL, never %EF_COLUMN_ANY
 *
 * A value as an event holds it, for code that looks at each of millions of them.
 */
typedef struct
{
  union
  {
    gint64 v_int;
    double v_double;
    const char *v_data;
  };
  guint32 length;
  guint32 type;
} EfValue;

EF_AVAILABLE_IN_1_0
GType ef_event_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfEvent *ef_event_new_text (gint64 timestamp, const char *text, gssize length);

EF_AVAILABLE_IN_1_0
EfEvent *ef_event_new_bytes (gint64 timestamp, GBytes *bytes);

EF_AVAILABLE_IN_1_0
EfEvent *ef_event_ref (EfEvent *self);

EF_AVAILABLE_IN_1_0
void ef_event_unref (EfEvent *self);

EF_AVAILABLE_IN_1_0
EfEvent *ef_event_detach (EfEvent *self);

EF_AVAILABLE_IN_1_0
gint64 ef_event_get_timestamp (EfEvent *self);

EF_AVAILABLE_IN_1_0
EfSchema *ef_event_get_schema (EfEvent *self);

EF_AVAILABLE_IN_1_0
const EfValue *ef_event_peek_values (EfEvent *self);

EF_AVAILABLE_IN_1_0
const EfValue *ef_event_peek_row (EfEvent *self, EfSchema **schema, gint64 *timestamp);

EF_AVAILABLE_IN_1_0
gsize ef_event_get_size (EfEvent *self);

EF_AVAILABLE_IN_1_0
EfColumnType ef_event_get_value_type (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
gboolean ef_event_is_null (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
gboolean ef_event_get_boolean (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
gint64 ef_event_get_int64 (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
double ef_event_get_double (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
const char *ef_event_peek_data (EfEvent *self, guint column, gsize *length);

EF_AVAILABLE_IN_1_0
char *ef_event_dup_string (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
GBytes *ef_event_get_bytes (EfEvent *self, guint column);

EF_AVAILABLE_IN_1_0
GVariant *ef_event_to_variant (EfEvent *self);

EF_AVAILABLE_IN_1_0
char *ef_event_to_json (EfEvent *self);

EF_AVAILABLE_IN_1_0
void ef_event_append_json (EfEvent *self, GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfEvent, ef_event_unref)

G_END_DECLS
