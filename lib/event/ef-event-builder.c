/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-boxed-private.h"
#include "ef-event-private.h"

#include <string.h>

EF_DEFINE_BOXED_TYPE (EfEventBuilder, ef_event_builder, ef_event_builder_ref, ef_event_builder_unref)

/**
 * ef_event_builder_new:
 * @schema: the columns of the events
 *
 * Makes a builder.
 *
 * Returns: (transfer full): a new builder
 */
EfEventBuilder *
ef_event_builder_new (EfSchema *schema)
{
  EfEventBuilder *self;

  g_return_val_if_fail (schema != NULL, NULL);

  self = g_new0 (EfEventBuilder, 1);
  self->ref_count = 1;
  self->schema = ef_schema_ref (schema);
  if (ef_schema_is_payload (schema))
    self->payload_type = ef_schema_get_column_type (schema, 0);

  return self;
}

/**
 * ef_event_builder_ref:
 * @self: a builder
 *
 * Takes a reference, in the thread that uses the builder.
 *
 * Returns: (transfer full): @self
 */
EfEventBuilder *
ef_event_builder_ref (EfEventBuilder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->ref_count++;

  return self;
}

/**
 * ef_event_builder_unref:
 * @self: (transfer full): a builder
 *
 * Drops a reference, in the thread that uses the builder.
 */
void
ef_event_builder_unref (EfEventBuilder *self)
{
  g_return_if_fail (self != NULL);

  if (--self->ref_count > 0)
    return;

  self->event = NULL;
  ef_event_builder_flush (self);
  ef_schema_unref (self->schema);
  g_free (self);
}

/**
 * ef_event_builder_get_schema:
 * @self: a builder
 *
 * The columns of the events that the builder makes.
 *
 * Returns: (transfer none): the schema
 */
EfSchema *
ef_event_builder_get_schema (EfEventBuilder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->schema;
}

static void
pin_arena (EfEventBuilder *self)
{
  if (self->pinned == NULL)
    return;

  self->arena->pinned = self->pin_ref (self->pinned);
  self->arena->unpin = self->pin_unref;
}

/* Takes what was built of an event along to where there is room for the rest. What points into the
 * old place is pointed into the new one. */
static void
move_event (EfEventBuilder *self, EfArena *from, EfArena *to)
{
  gsize start = (gsize) ((char *) self->event - from->data);
  gsize length = from->used - start;
  EfEvent *event = (EfEvent *) (gpointer) to->data;

  memcpy (event, self->event, length);
  event->arena = to;
  to->used = length;

  for (guint i = 0; i < event->n_values; i++)
    {
      EfValue *value = &event->values[i];
      const char *old_start = (const char *) self->event;

      if ((value->type == EF_COLUMN_STRING || value->type == EF_COLUMN_BYTES
           || value->type == EF_COLUMN_JSON)
          && value->v_data >= old_start && value->v_data < from->data + from->size)
        value->v_data = (const char *) event + (value->v_data - old_start);
    }

  from->used = start;
  self->event = event;
}

/* Sees to it that @room more bytes fit into the arena behind those in use. */
void
ef_event_builder_make_room (EfEventBuilder *self, gsize room)
{
  EfArena *old = self->arena;
  gsize kept = self->event != NULL ? old->used - (gsize) ((char *) self->event - old->data) : 0;
  gsize size = EF_ARENA_SIZE;

  if (old != NULL && old->size - old->used >= room)
    return;

  /* An event too big for the usual size has an arena of its own, which grows by doubling. */
  if (kept + room > size)
    size = (kept + room) * (kept > 0 ? 2 : 1);

  self->arena = ef_arena_new (size, ef_schema_is_immortal (self->schema) ? NULL : self->schema);
  pin_arena (self);

  if (self->event != NULL)
    move_event (self, old, self->arena);
  if (old != NULL)
    ef_arena_disown (old);
}

/**
 * ef_event_builder_begin:
 * @self: a builder with no event begun
 * @timestamp: microseconds since 1970-01-01T00:00:00Z
 *
 * Begins an event, with all columns NULL.
 */
void
ef_event_builder_begin (EfEventBuilder *self, gint64 timestamp)
{
  guint n_columns = ef_schema_get_n_columns (self->schema);
  EfArena *arena;
  EfEvent *event;

  g_return_if_fail (self != NULL);
  g_return_if_fail (self->event == NULL);

  arena = ef_event_builder_get_arena (self, EF_EVENT_SIZE (n_columns));
  event = (EfEvent *) (gpointer) (arena->data + arena->used);
  arena->used += EF_EVENT_SIZE (n_columns);

  event->ref_count = 1;
  event->n_values = n_columns;
  event->timestamp = timestamp;
  event->schema = self->schema;
  event->arena = arena;
  memset (event->values, 0, n_columns * sizeof (EfValue));

  self->event = event;
}

static inline EfValue *
value_of (EfEventBuilder *self, guint column)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->event != NULL, NULL);
  g_return_val_if_fail (column < self->event->n_values, NULL);

  return &self->event->values[column];
}

/* The type of a value that is set without one: that of the column, or @natural in an ANY column. */
static inline EfColumnType
type_of (EfEventBuilder *self, guint column, EfColumnType natural)
{
  EfColumnType type = ef_schema_get_column_type (self->schema, column);

  return type == EF_COLUMN_ANY ? natural : type;
}

/**
 * ef_event_builder_set_null:
 * @self: a builder with an event begun
 * @column: a column, counted from 0
 *
 * Sets a column to NULL.
 */
void
ef_event_builder_set_null (EfEventBuilder *self, guint column)
{
  EfValue *value = value_of (self, column);

  if (value != NULL)
    *value = (EfValue){ .type = EF_COLUMN_NULL };
}

/**
 * ef_event_builder_set_boolean:
 * @self: a builder with an event begun
 * @column: a column of type `BOOL` or `ANY`, counted from 0
 * @value: the value
 *
 * Sets a truth value.
 */
void
ef_event_builder_set_boolean (EfEventBuilder *self, guint column, gboolean value)
{
  EfValue *v = value_of (self, column);

  g_return_if_fail (v != NULL);
  g_return_if_fail (type_of (self, column, EF_COLUMN_BOOL) == EF_COLUMN_BOOL);

  *v = (EfValue){ .v_int = value != FALSE, .type = EF_COLUMN_BOOL };
}

/**
 * ef_event_builder_set_int64:
 * @self: a builder with an event begun
 * @column: a column of type `INT`, `LONG` or `ANY`, counted from 0
 * @value: the value, within 32 bits for an `INT`
 *
 * Sets an integer. In an `ANY` column it is a `LONG`.
 */
void
ef_event_builder_set_int64 (EfEventBuilder *self, guint column, gint64 value)
{
  EfValue *v = value_of (self, column);
  EfColumnType type;

  g_return_if_fail (v != NULL);
  type = type_of (self, column, EF_COLUMN_LONG);
  g_return_if_fail (type == EF_COLUMN_LONG || type == EF_COLUMN_INT);
  g_return_if_fail (type == EF_COLUMN_LONG || (value >= G_MININT32 && value <= G_MAXINT32));

  *v = (EfValue){ .v_int = value, .type = type };
}

/**
 * ef_event_builder_set_double:
 * @self: a builder with an event begun
 * @column: a column of type `FLOAT`, `DOUBLE` or `ANY`, counted from 0
 * @value: the value
 *
 * Sets a number. A `FLOAT` is rounded to single precision. In an `ANY` column it is a `DOUBLE`.
 */
void
ef_event_builder_set_double (EfEventBuilder *self, guint column, double value)
{
  EfValue *v = value_of (self, column);
  EfColumnType type;

  g_return_if_fail (v != NULL);
  type = type_of (self, column, EF_COLUMN_DOUBLE);
  g_return_if_fail (type == EF_COLUMN_DOUBLE || type == EF_COLUMN_FLOAT);

  *v = (EfValue){ .v_double = type == EF_COLUMN_FLOAT ? (double) (float) value : value,
                  .type = type };
}

/**
 * ef_event_builder_set_string:
 * @self: a builder with an event begun
 * @column: a column of type `STRING`, `JSON` or `ANY`, counted from 0
 * @value: the text, UTF-8; it is copied
 * @length: the length of @value in bytes, or -1 if it is nul-terminated
 *
 * Sets a text. In an `ANY` column it is a `STRING`.
 */
void
ef_event_builder_set_string (EfEventBuilder *self, guint column, const char *value, gssize length)
{
  g_return_if_fail (value_of (self, column) != NULL);
  g_return_if_fail (value != NULL);

  ef_event_builder_set_data (self, column, type_of (self, column, EF_COLUMN_STRING), value,
                             length < 0 ? strlen (value) : (gsize) length);
}

/**
 * ef_event_builder_set_data:
 * @self: a builder with an event begun
 * @column: a column of the same type, or of type `ANY`, counted from 0
 * @type: `STRING`, `JSON` or `BYTES`
 * @data: (array length=length) (element-type guint8) (nullable): the bytes; they are copied
 * @length: how many bytes there are
 *
 * Sets a text or bytes.
 */
void
ef_event_builder_set_data (EfEventBuilder *self,
                           guint column,
                           EfColumnType type,
                           gconstpointer data,
                           gsize length)
{
  char *room;

  g_return_if_fail (value_of (self, column) != NULL);

  room = ef_event_builder_reserve (self, 0, length);
  if (length > 0)
    memcpy (room, data, length);
  ef_event_builder_commit (self, column, type, length);
}

/**
 * ef_event_builder_set_slice: (skip)
 * @self: a builder with an event begun
 * @column: a column of the same type, or of type `ANY`, counted from 0
 * @type: `STRING`, `JSON` or `BYTES`
 * @data: bytes in memory that was pinned
 * @length: how many bytes there are
 *
 * Sets a text or bytes without a copy. They must lie in what was given to
 * [method@EventFlux.EventBuilder.pin], or live for ever.
 */
void
ef_event_builder_set_slice (EfEventBuilder *self,
                            guint column,
                            EfColumnType type,
                            gconstpointer data,
                            gsize length)
{
  EfValue *value = value_of (self, column);

  g_return_if_fail (value != NULL);
  g_return_if_fail (type_of (self, column, type) == type);
  g_return_if_fail (length <= G_MAXUINT32);

  *value = (EfValue){ .v_data = data, .length = (guint32) length, .type = type };
}

/**
 * ef_event_builder_reserve: (skip)
 * @self: a builder with an event begun
 * @used: how many bytes were already written to what was reserved before
 * @room: how many more bytes may be written
 *
 * Gets memory to write a text or bytes into, for which
 * [method@EventFlux.EventBuilder.commit] then finds a column. It may be called again before that, when
 * the room did not do: the first @used bytes are kept. Nothing else may be set in between.
 *
 * Returns: (transfer none): @used bytes as they were and @room bytes behind them
 */
char *
ef_event_builder_reserve (EfEventBuilder *self, gsize used, gsize room)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->event != NULL, NULL);

  /* What was written counts as in use while it moves. */
  if (G_UNLIKELY (self->arena->size - self->arena->used < used + room))
    {
      self->arena->used += used;
      ef_event_builder_make_room (self, room);
      self->arena->used -= used;
    }

  return self->arena->data + self->arena->used;
}

/**
 * ef_event_builder_commit: (skip)
 * @self: a builder with memory reserved
 * @column: a column of the same type, or of type `ANY`, counted from 0
 * @type: `STRING`, `JSON` or `BYTES`
 * @length: how many bytes were written
 *
 * Sets a column to what was written to the memory reserved.
 */
void
ef_event_builder_commit (EfEventBuilder *self, guint column, EfColumnType type, gsize length)
{
  ef_event_builder_set_slice (self, column, type, self->arena->data + self->arena->used, length);
  self->arena->used += length;
}

/**
 * ef_event_builder_peek_values: (skip)
 * @self: a builder with an event begun
 *
 * The values of the event, for code that sets each of millions of them. Types must fit the columns.
 *
 * Returns: (transfer none): an array that is valid until something is reserved or set otherwise
 */
EfValue *
ef_event_builder_peek_values (EfEventBuilder *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->event != NULL, NULL);

  return self->event->values;
}

/**
 * ef_event_builder_end:
 * @self: a builder with an event begun
 *
 * Ends the event.
 *
 * Returns: (transfer full): the event
 */
EfEvent *
ef_event_builder_end (EfEventBuilder *self)
{
  EfArena *arena = self->arena;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->event != NULL, NULL);

  arena->used = MIN ((arena->used + 7) & ~(gsize) 7, arena->size);
  arena->n_events++;

  return g_steal_pointer (&self->event);
}

/**
 * ef_event_builder_abandon:
 * @self: a builder with an event begun
 *
 * Drops the event that was begun.
 */
void
ef_event_builder_abandon (EfEventBuilder *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->event != NULL);

  self->arena->used = (gsize) ((char *) self->event - self->arena->data);
  self->event = NULL;
}

/**
 * ef_event_builder_begin_payload: (skip)
 * @self: a builder of raw messages, with no event begun
 * @room: how many bytes may be written
 *
 * Gets memory to write a raw message into, of which
 * [method@EventFlux.EventBuilder.end_payload] makes an event. What was written is gone if that is not
 * called.
 *
 * These two are for code that makes millions of messages: they take a third of the time of the five
 * calls that build an event and append it to a batch.
 *
 * Returns: (transfer none): @room bytes
 */
char *
ef_event_builder_begin_payload (EfEventBuilder *self, gsize room)
{
  EfArena *arena;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->event == NULL, NULL);

  /* With what rounds the length up. */
  arena = ef_event_builder_get_arena (self, EF_PAYLOAD_SIZE (room));

  return arena->data + arena->used + EF_EVENT_SIZE (1);
}

/**
 * ef_event_builder_end_payload: (skip)
 * @self: a builder of raw messages, with memory from [method@EventFlux.EventBuilder.begin_payload]
 * @batch: a batch that was not yet pushed
 * @timestamp: microseconds since 1970-01-01T00:00:00Z
 * @length: how many bytes were written
 *
 * Adds the raw message that was written to a batch, as an event of the builder's only column.
 */
void
ef_event_builder_end_payload (EfEventBuilder *self, EfBatch *batch, gint64 timestamp, gsize length)
{
  EfArena *arena = self->arena;

  g_return_if_fail (self->payload_type != EF_COLUMN_NULL);
  g_return_if_fail (self->event == NULL);
  g_return_if_fail (EF_PAYLOAD_SIZE (length) <= arena->size - arena->used);

  ef_batch_append_inline (batch,
                          ef_arena_add_payload (arena, EF_PAYLOAD_SIZE (length), timestamp,
                                                self->schema,
                                                self->payload_type,
                                                arena->data + arena->used + EF_EVENT_SIZE (1), length));
}

/**
 * ef_event_builder_pin: (skip)
 * @self: a builder with no event begun
 * @owner: what slices lie in; it stays the caller's
 * @ref: takes a reference of @owner
 * @unref: drops one, in any thread
 *
 * Has the events that are made from here on keep @owner, so that their values can be slices of it,
 * until [method@EventFlux.EventBuilder.flush] or the next call of this.
 */
void
ef_event_builder_pin (EfEventBuilder *self,
                      gpointer owner,
                      GBoxedCopyFunc ref,
                      GDestroyNotify unref)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->event == NULL);
  g_return_if_fail (owner != NULL);

  if (self->pinned == owner)
    return;

  ef_event_builder_flush (self);
  self->pinned = ref (owner);
  self->pin_ref = ref;
  self->pin_unref = unref;
}

/**
 * ef_event_builder_flush:
 * @self: a builder with no event begun
 *
 * Lets go of the memory that the events made so far lie in, which is theirs from here on, and of what
 * was pinned. To be called at the end of each batch: it keeps events that are made later from sharing
 * memory with these.
 */
void
ef_event_builder_flush (EfEventBuilder *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->event == NULL);

  g_clear_pointer (&self->arena, ef_arena_disown);
  if (self->pinned != NULL)
    self->pin_unref (g_steal_pointer (&self->pinned));
}
