/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-boxed-private.h"
#include "ef-event-private.h"

#include <string.h>

EF_DEFINE_BOXED_TYPE (EfEvent, ef_event, ef_event_ref, ef_event_unref)

static gboolean
type_has_data (guint32 type)
{
  return type == EF_COLUMN_STRING || type == EF_COLUMN_BYTES || type == EF_COLUMN_JSON;
}

static gsize
data_size (const EfEvent *event)
{
  gsize size = 0;

  for (guint i = 0; i < event->n_values; i++)
    if (type_has_data (event->values[i].type))
      size += event->values[i].length;

  return size;
}

/* What a copy of the event takes in an arena. */
gsize
ef_event_get_copy_size (const EfEvent *self)
{
  return EF_EVENT_SIZE (self->n_values) + ((data_size (self) + 7) & ~(gsize) 7);
}

/* Copies an event with all that it points to into an arena that has room for it. The arena keeps the
 * event's schema. */
EfEvent *
ef_event_copy_into (const EfEvent *self, EfArena *arena)
{
  EfEvent *copy = (EfEvent *) (gpointer) (arena->data + arena->used);
  char *data = (char *) copy + EF_EVENT_SIZE (self->n_values);

  /* Not the count of references, which others may be changing. */
  copy->ref_count = 1;
  copy->n_values = self->n_values;
  copy->timestamp = self->timestamp;
  copy->schema = self->schema;
  copy->arena = arena;
  memcpy (copy->values, self->values, self->n_values * sizeof (EfValue));

  for (guint i = 0; i < copy->n_values; i++)
    {
      EfValue *value = &copy->values[i];

      if (!type_has_data (value->type))
        continue;

      memcpy (data, value->v_data, value->length);
      value->v_data = data;
      data += value->length;
    }

  arena->used += ef_event_get_copy_size (self);
  arena->n_events++;

  return copy;
}

static EfEvent *
new_payload (gint64 timestamp, EfSchema *schema, EfColumnType type, gconstpointer data, gsize length)
{
  gsize size = EF_EVENT_SIZE (1) + ((length + 7) & ~(gsize) 7);
  EfArena *arena = ef_arena_new (size, NULL);
  EfEvent *self = (EfEvent *) (gpointer) arena->data;
  char *copy = arena->data + EF_EVENT_SIZE (1);

  if (length > 0)
    memcpy (copy, data, length);

  self->ref_count = 1;
  self->n_values = 1;
  self->timestamp = timestamp;
  self->schema = schema;
  self->arena = arena;
  self->values[0].v_data = copy;
  self->values[0].length = (guint32) length;
  self->values[0].type = type;

  arena->used = size;
  arena->n_events = 1;
  ef_arena_disown (arena);

  return self;
}

/**
 * ef_event_new_text:
 * @timestamp: microseconds since 1970-01-01T00:00:00Z
 * @text: the text, UTF-8
 * @length: the length of @text in bytes, or -1 if it is nul-terminated
 *
 * Makes the event that stands for a text message. Other events are made with an
 * [struct@EventFlux.EventBuilder].
 *
 * Returns: (transfer full): a new event with the column `payload`
 */
EfEvent *
ef_event_new_text (gint64 timestamp, const char *text, gssize length)
{
  g_return_val_if_fail (text != NULL, NULL);

  gsize size = length < 0 ? strlen (text) : (gsize) length;

  g_return_val_if_fail (size <= G_MAXUINT32, NULL);

  return new_payload (timestamp, ef_schema_get_text_payload (), EF_COLUMN_STRING, text, size);
}

/**
 * ef_event_new_bytes:
 * @timestamp: microseconds since 1970-01-01T00:00:00Z
 * @bytes: the message
 *
 * Makes the event that stands for a binary message.
 *
 * Returns: (transfer full): a new event with the column `payload`
 */
EfEvent *
ef_event_new_bytes (gint64 timestamp, GBytes *bytes)
{
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  g_return_val_if_fail (size <= G_MAXUINT32, NULL);

  return new_payload (timestamp, ef_schema_get_bytes_payload (), EF_COLUMN_BYTES, data, size);
}

/**
 * ef_event_ref:
 * @self: an event
 *
 * Takes a reference. May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
EfEvent *
ef_event_ref (EfEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * ef_event_unref:
 * @self: (transfer full): an event
 *
 * Drops a reference. May be called from any thread.
 */
void
ef_event_unref (EfEvent *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_int_dec_and_test (&self->ref_count))
    ef_arena_drop (self->arena, 1);
}

/**
 * ef_event_detach:
 * @self: an event
 *
 * Gets the same event in memory of its own, for keeping. See [struct@EventFlux.Event].
 *
 * Returns: (transfer full): a copy, or @self if it shares its memory with nothing else
 */
EfEvent *
ef_event_detach (EfEvent *self)
{
  EfArena *arena;
  EfEvent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  /* A large arena may come with room for twice as much. */
  if (self->arena->pinned == NULL && self->arena->used == ef_event_get_copy_size (self)
      && self->arena->size <= 2 * self->arena->used)
    return ef_event_ref (self);

  arena = ef_arena_new (ef_event_get_copy_size (self),
                        ef_schema_is_immortal (self->schema) ? NULL : self->schema);
  copy = ef_event_copy_into (self, arena);
  ef_arena_disown (arena);

  return copy;
}

/**
 * ef_event_get_timestamp:
 * @self: an event
 *
 * When the event came into being; for a received message, when it was read.
 *
 * Returns: microseconds since 1970-01-01T00:00:00Z
 */
gint64
ef_event_get_timestamp (EfEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->timestamp;
}

/**
 * ef_event_get_schema:
 * @self: an event
 *
 * The event's columns.
 *
 * Returns: (transfer none): the schema, which lives at least as long as the event
 */
EfSchema *
ef_event_get_schema (EfEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->schema;
}

/**
 * ef_event_peek_values: (skip)
 * @self: an event
 *
 * The values, one a column of the schema.
 *
 * Returns: (transfer none): an array that lives as long as the event
 */
const EfValue *
ef_event_peek_values (EfEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->values;
}

/**
 * ef_event_peek_row: (skip)
 * @self: an event
 * @schema: (out) (transfer none): return location for its schema
 * @timestamp: (out): return location for its timestamp
 *
 * Looks at all that an event is in one call, for code that does so with each of millions of them.
 *
 * Returns: (transfer none): an array of one value a column, as
 *   [method@EventFlux.Event.peek_values] returns it
 */
const EfValue *
ef_event_peek_row (EfEvent *self, EfSchema **schema, gint64 *timestamp)
{
  g_return_val_if_fail (self != NULL, NULL);

  *schema = self->schema;
  *timestamp = self->timestamp;

  return self->values;
}

/**
 * ef_event_get_size:
 * @self: an event
 *
 * How much memory the event takes, with all that it points to. Bounds in bytes count this.
 *
 * Returns: a number of bytes
 */
gsize
ef_event_get_size (EfEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return EF_EVENT_SIZE (self->n_values) + data_size (self);
}

/**
 * ef_event_get_value_type:
 * @self: an event
 * @column: a column, counted from 0
 *
 * The type of a value. It is that of the column, except that it is %EF_COLUMN_NULL for NULL, and that
 * the values of an `ANY` column have types of their own.
 *
 * Returns: the type, never %EF_COLUMN_ANY
 */
EfColumnType
ef_event_get_value_type (EfEvent *self, guint column)
{
  g_return_val_if_fail (self != NULL, EF_COLUMN_NULL);
  g_return_val_if_fail (column < self->n_values, EF_COLUMN_NULL);

  return (EfColumnType) self->values[column].type;
}

/**
 * ef_event_is_null:
 * @self: an event
 * @column: a column, counted from 0
 *
 * Whether a value is NULL.
 *
 * Returns: %TRUE if it is
 */
gboolean
ef_event_is_null (EfEvent *self, guint column)
{
  return ef_event_get_value_type (self, column) == EF_COLUMN_NULL;
}

/**
 * ef_event_get_boolean:
 * @self: an event
 * @column: a column, counted from 0
 *
 * A value as a truth value: of a number, whether it is not 0.
 *
 * Returns: the value, %FALSE for NULL and for what is neither number nor `BOOL`
 */
gboolean
ef_event_get_boolean (EfEvent *self, guint column)
{
  return ef_event_get_double (self, column) != 0;
}

/**
 * ef_event_get_int64:
 * @self: an event
 * @column: a column, counted from 0
 *
 * A value as an integer. A `FLOAT` or `DOUBLE` loses its fraction, and becomes the nearest 64-bit
 * integer if it is beyond them.
 *
 * Returns: the value, 0 for NULL and for what is neither number nor `BOOL`
 */
gint64
ef_event_get_int64 (EfEvent *self, guint column)
{
  const EfValue *value;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (column < self->n_values, 0);

  value = &self->values[column];
  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_INT:
    case EF_COLUMN_LONG:
    case EF_COLUMN_BOOL:
      return value->v_int;
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      if (value->v_double != value->v_double)
        return 0;
      /* 2^63 is the first double that a gint64 does not hold. */
      if (value->v_double >= 9223372036854775808.0)
        return G_MAXINT64;
      if (value->v_double < -9223372036854775808.0)
        return G_MININT64;
      return (gint64) value->v_double;
    case EF_COLUMN_NULL:
    case EF_COLUMN_STRING:
    case EF_COLUMN_BYTES:
    case EF_COLUMN_JSON:
    case EF_COLUMN_ANY:
    default:
      return 0;
    }
}

/**
 * ef_event_get_double:
 * @self: an event
 * @column: a column, counted from 0
 *
 * A value as a double. A `LONG` beyond 2^53 is rounded.
 *
 * Returns: the value, 0 for NULL and for what is neither number nor `BOOL`
 */
double
ef_event_get_double (EfEvent *self, guint column)
{
  const EfValue *value;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (column < self->n_values, 0);

  value = &self->values[column];
  if (value->type == EF_COLUMN_FLOAT || value->type == EF_COLUMN_DOUBLE)
    return value->v_double;

  return (double) ef_event_get_int64 (self, column);
}

/**
 * ef_event_peek_data: (skip)
 * @self: an event
 * @column: a column, counted from 0
 * @length: (out): return location for the number of bytes
 *
 * The bytes of a `STRING`, `JSON` or `BYTES`. There is no terminator behind them.
 *
 * Returns: (transfer none) (nullable): bytes that live as long as the event, or %NULL for NULL and
 *   for values of other types
 */
const char *
ef_event_peek_data (EfEvent *self, guint column, gsize *length)
{
  const EfValue *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (column < self->n_values, NULL);
  g_return_val_if_fail (length != NULL, NULL);

  value = &self->values[column];
  *length = type_has_data (value->type) ? value->length : 0;

  return type_has_data (value->type) ? value->v_data : NULL;
}

/**
 * ef_event_dup_string:
 * @self: an event
 * @column: a column, counted from 0
 *
 * The text of a `STRING` or `JSON`. A text that has a nul character in it ends there;
 * [method@EventFlux.Event.get_bytes] gets all of it.
 *
 * Returns: (transfer full) (nullable): a nul-terminated copy, or %NULL for NULL and for values of
 *   other types
 */
char *
ef_event_dup_string (EfEvent *self, guint column)
{
  gsize length;
  const char *data = ef_event_peek_data (self, column, &length);

  if (data == NULL || self->values[column].type == EF_COLUMN_BYTES)
    return NULL;

  return g_strndup (data, length);
}

/**
 * ef_event_get_bytes:
 * @self: an event
 * @column: a column, counted from 0
 *
 * The bytes of a `STRING`, `JSON` or `BYTES`, without a copy: what is returned keeps the event.
 *
 * Returns: (transfer full) (nullable): the bytes, or %NULL for NULL and for values of other types
 */
GBytes *
ef_event_get_bytes (EfEvent *self, guint column)
{
  gsize length;
  const char *data = ef_event_peek_data (self, column, &length);

  if (data == NULL)
    return NULL;

  return g_bytes_new_with_free_func (data, length, (GDestroyNotify) ef_event_unref,
                                     ef_event_ref (self));
}

static GVariant *
value_to_variant (EfEvent *self, guint column)
{
  const EfValue *value = &self->values[column];
  g_autofree char *text = NULL;

  switch ((EfColumnType) value->type)
    {
    case EF_COLUMN_INT:
      return g_variant_new_int32 ((gint32) value->v_int);
    case EF_COLUMN_LONG:
      return g_variant_new_int64 (value->v_int);
    case EF_COLUMN_FLOAT:
    case EF_COLUMN_DOUBLE:
      return g_variant_new_double (value->v_double);
    case EF_COLUMN_BOOL:
      return g_variant_new_boolean (value->v_int != 0);
    case EF_COLUMN_STRING:
    case EF_COLUMN_JSON:
      text = ef_event_dup_string (self, column);
      return g_variant_new_take_string (g_utf8_make_valid (text, -1));
    case EF_COLUMN_BYTES:
      return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, value->v_data, value->length, 1);
    case EF_COLUMN_NULL:
    case EF_COLUMN_ANY:
    default:
      return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL);
    }
}

/**
 * ef_event_to_variant:
 * @self: an event
 *
 * The event as a dictionary from column names to values, for scripts: `STRING` and `JSON` as `s`,
 * `INT` as `i`, `LONG` as `x`, `FLOAT` and `DOUBLE` as `d`, `BOOL` as `b`, `BYTES` as `ay`, and NULL
 * as an empty maybe.
 *
 * Returns: (transfer none): a floating variant of type `a{sv}`
 */
GVariant *
ef_event_to_variant (EfEvent *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_values; i++)
    g_variant_builder_add (&builder, "{sv}", ef_schema_get_column_name (self->schema, i),
                           value_to_variant (self, i));

  return g_variant_builder_end (&builder);
}
