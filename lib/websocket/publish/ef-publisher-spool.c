/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-payload-private.h"
#include "ef-publisher-parts-private.h"
#include "ef-relaxed-private.h"

#include <string.h>

/* A message is written down if it has to wait, before the call that brought it returns; one that
 * leaves at once never sees the file. All that waits is in the file, so a process that comes after
 * this one finds it there. */

/* Enough for the outbox, and little enough to be read in a moment. */
#define READ_MESSAGES 4096
#define READ_BYTES (1024 * 1024)

/* Who waits for a message that is in the file alone. */
typedef struct
{
  GTask *task;
  gsize size;
} Waiting;

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_object_unref (waiting->task);
  g_free (waiting);
}

/* The outbox is empty: all that is in the file is behind it. */
static void
rewind_spool (EfPublisher *self)
{
  self->spooled_to = 0;
  self->n_spooled = ef_spool_get_n_messages (self->spool);
}

gboolean
ef_publisher_open_spool (EfPublisher *self, GError **error)
{
  if (!ef_publisher_has_spool_path (self))
    return TRUE;

  self->spool = ef_spool_open (self->spool_path, error);
  if (self->spool == NULL)
    {
      g_prefix_error (error, "%s: ", ef_element_get_name (self->element));
      return FALSE;
    }

  self->outbox.spool = self->spool;
  self->spool_tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, waiting_free);
  rewind_spool (self);

  return TRUE;
}

static void
warn (EfPublisher *self, const GError *error)
{
  g_autoptr (GError) warning = g_error_copy (error);

  g_prefix_error (&warning, "%s: ", ef_element_get_name (self->element));
  ef_element_post_warning (self->element, warning, NULL);
}

void
ef_publisher_close_spool (EfPublisher *self)
{
  g_autoptr (GError) error = NULL;

  ef_clear_source (&self->refill);
  self->outbox.spool = NULL;
  self->n_spooled = 0;
  g_clear_pointer (&self->spool_tasks, g_hash_table_unref);
  if (!ef_spool_close (g_steal_pointer (&self->spool), &error))
    warn (self, error);
}

/* Adding */

static gboolean
outbox_has_room (EfPublisher *self)
{
  return self->n_spooled == 0 && self->outbox.n_messages < self->max_messages
         && self->outbox.n_bytes < self->max_bytes;
}

static void
wait_in_file (EfPublisher *self, guint64 id, gsize size, GTask *task)
{
  Waiting *waiting;

  self->n_spooled++;
  if (task == NULL)
    return;

  waiting = g_new (Waiting, 1);
  waiting->task = g_object_ref (task);
  waiting->size = size;
  g_hash_table_insert (self->spool_tasks, g_memdup2 (&id, sizeof id), waiting);
}

/* Sends a message at once, if nothing waits. Returns whether it has left. */
static gboolean
send_message (EfPublisher *self, GBytes *message, GTask *task)
{
  ef_outbox_push_bytes (&self->outbox, message, task);
  ef_outbox_give (&self->outbox, self->connection, ef_publisher_get_opcode (self), G_MAXSIZE);
  ef_web_socket_connection_flush (self->connection);
  ef_publisher_note_written (self);

  return ef_outbox_is_empty (&self->outbox);
}

/* Sends a message or writes it down. If neither can be done, it is not taken. */
gboolean
ef_publisher_spool_message (EfPublisher *self, GBytes *message, GTask *task, GError **error)
{
  EfSpoolMessage spooled;
  gboolean sending = ef_publisher_is_empty (self) && ef_publisher_can_send (self)
                     && !self->outbox.confirms;
  guint64 id;

  if (sending && send_message (self, message, task))
    return TRUE;

  spooled.data = g_bytes_get_data (message, &spooled.size);
  if (!ef_spool_append (self->spool, &spooled, 1, &id, error))
    {
      g_prefix_error (error, "%s: ", ef_element_get_name (self->element));
      if (sending)
        ef_outbox_disown (&self->outbox);
      return FALSE;
    }

  if (!sending && !outbox_has_room (self))
    {
      wait_in_file (self, id, spooled.size, task);
    }
  else
    {
      if (!sending)
        ef_outbox_push_bytes (&self->outbox, message, task);
      ef_outbox_set_ids (&self->outbox, 1, id);
      self->spooled_to = id;
    }
  ef_publisher_send_waiting (self);

  return TRUE;
}

/* An event that has to wait. */
typedef struct
{
  EfEvent *event;
  guint64 end; /* where it ends, if the connection has it already, or 0 */
} Kept;

/* Finds what of a batch has to wait, from *@index on up to the first event that is no message. Returns
 * whether there is none, else @error says why that one is not. */
static gboolean
collect (EfPublisher *self,
         EfBatch *batch,
         guint *index,
         guint n_given,
         GArray *kept,
         GArray *messages,
         GError **error)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (; *index < n_events; (*index)++)
    {
      Kept one = { events[*index], *index < n_given ? self->ends[*index] : 0 };
      EfSpoolMessage message;
      const EfValue *payload;

      if (*index < n_given && one.end == 0)
        continue; /* rejected already */

      if (!ef_publisher_check_event (self, events[*index], &payload, error))
        return FALSE;

      message.data = payload->v_data;
      message.size = payload->length;
      g_array_append_val (kept, one);
      g_array_append_val (messages, message);
    }

  return TRUE;
}

/* Adds a copy of a message to the outbox. */
static void
push_copy (EfPublisher *self, const EfSpoolMessage *message, guint64 end, guint64 id)
{
  char *copy = g_memdup2 (message->data, message->size);

  if (end > 0)
    ef_outbox_push_taken (&self->outbox, copy, message->size, end);
  else
    ef_outbox_push (&self->outbox, copy, message->size);
  ef_outbox_own (&self->outbox, copy, g_free, NULL);
  if (id > 0)
    {
      ef_outbox_set_ids (&self->outbox, 1, id);
      self->spooled_to = id;
    }
}

/* What could not be written down is not kept, but for what is on its way already. Returns whether to
 * go on with the batch. */
static gboolean
reject_all (EfPublisher *self, const GArray *kept, const GArray *messages, const GError *error)
{
  for (guint i = 0; i < kept->len; i++)
    {
      const Kept *one = &g_array_index (kept, Kept, i);
      GError *copy;

      if (one->end > 0)
        {
          push_copy (self, &g_array_index (messages, EfSpoolMessage, i), one->end, 0);
          continue;
        }

      copy = g_error_copy (error);
      g_prefix_error (&copy, "%s: ", ef_element_get_name (self->element));
      if (!ef_publisher_reject (self, one->event, copy))
        return FALSE;
    }

  return TRUE;
}

/* Writes down what was collected, in one transaction. Returns whether to go on with the batch. */
static gboolean
write_down (EfPublisher *self, const GArray *kept, const GArray *messages)
{
  g_autoptr (GError) error = NULL;
  guint64 id;

  if (messages->len == 0)
    return TRUE;

  if (!ef_spool_append (self->spool, (const EfSpoolMessage *) (gpointer) messages->data,
                        messages->len, &id, &error))
    return reject_all (self, kept, messages, error);

  for (guint i = 0; i < messages->len; i++)
    {
      const EfSpoolMessage *message = &g_array_index (messages, EfSpoolMessage, i);
      guint64 end = g_array_index (kept, Kept, i).end;

      if (end > 0 || outbox_has_room (self))
        push_copy (self, message, end, id + i);
      else
        wait_in_file (self, id + i, message->size, NULL);
    }

  return TRUE;
}

/* Writes down what of a batch has to wait: of the events from @first on, those before @n_given have
 * been given to the connection. What is written down is taken care of, so no receipt is kept.
 *
 * What is no message is rejected when all before it is written: if that can not be done now, an event
 * before it may be to be tried again with all that is behind, and so must not be rejected yet. */
void
ef_publisher_spool_events (EfPublisher *self, EfBatch *batch, guint first, guint n_given)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);
  guint index = first;
  gboolean go_on = TRUE;

  while (go_on)
    {
      g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (Kept));
      g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (EfSpoolMessage));
      g_autoptr (GError) error = NULL;
      gboolean at_end = collect (self, batch, &index, n_given, kept, messages, &error);

      go_on = write_down (self, kept, messages) && !at_end
              && ef_publisher_reject (self, events[index++], g_steal_pointer (&error));
    }
}

/* Taking from the file */

static void
load (guint64 id, gconstpointer data, gsize size, gpointer user_data)
{
  EfPublisher *self = user_data;
  gint64 key = (gint64) id;
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  const Waiting *waiting = g_hash_table_lookup (self->spool_tasks, &key);
  g_autoptr (GError) error = NULL;

  self->spooled_to = id;
  self->n_spooled--;
  if (ef_payload_check_text (self->message_type, data, size, &error)
      && ef_publisher_check_id (self, data, size, &error))
    {
      ef_outbox_push_bytes (&self->outbox, message, waiting != NULL ? waiting->task : NULL);
      ef_outbox_set_ids (&self->outbox, 1, id);
    }
  else
    {
      /* It was written down by a sink with another configuration. */
      ef_spool_remove (self->spool, id, size);
      ef_relaxed_add (&self->n_dropped, 1);
      g_prefix_error (&error, "spool “%s”: message dropped: ", ef_spool_get_path (self->spool));
      warn (self, error);
    }
  g_hash_table_remove (self->spool_tasks, &key);
}

/* Reads what there is room for in memory, once half of it is free. Returns whether there was
 * anything. */
static gboolean
refill_outbox (EfPublisher *self)
{
  guint64 spooled_to = self->spooled_to;
  g_autoptr (GError) error = NULL;
  guint n_free;
  gsize n_free_bytes;

  if (self->n_spooled == 0 || self->outbox.n_messages > self->max_messages / 2
      || self->outbox.n_bytes > self->max_bytes / 2)
    return FALSE;

  n_free = self->max_messages - self->outbox.n_messages;
  n_free_bytes = self->max_bytes - self->outbox.n_bytes;
  if (!ef_spool_read (self->spool, self->spooled_to, MIN (n_free, READ_MESSAGES),
                      MIN (n_free_bytes, READ_BYTES), load, self, &error))
    {
      warn (self, error);
      return FALSE;
    }

  /* The file has the last word on what is in it: waiting for more would be for ever. */
  if (self->spooled_to == spooled_to)
    self->n_spooled = 0;

  return self->spooled_to > spooled_to;
}

static gboolean
go_on (gpointer user_data)
{
  EfPublisher *self = user_data;

  g_source_set_ready_time (self->refill, -1);
  ef_publisher_send_waiting (self);
  self->drained (self->element);

  return G_SOURCE_CONTINUE;
}

static gboolean
refill_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs refill_funcs = { .dispatch = refill_dispatch };

/* Has more sent when others had their turn: a file may hold a lot. */
static void
go_on_soon (EfPublisher *self)
{
  if (self->refill == NULL)
    {
      self->refill = g_source_new (&refill_funcs, sizeof (GSource));
      g_source_set_static_name (self->refill, "[EventFlux] WebSocket spool");
      g_source_set_callback (self->refill, go_on, self, NULL);
      g_source_attach (self->refill, ef_element_get_context (self->element));
    }
  g_source_set_ready_time (self->refill, 0);
}

/* Writes down what has left since the last time, and reads what comes next. @more says whether that
 * can be sent now. */
void
ef_publisher_sync_spool (EfPublisher *self, gboolean more)
{
  g_autoptr (GError) error = NULL;

  if (!ef_spool_flush (self->spool, &error))
    {
      warn (self, error);
      return;
    }

  if (refill_outbox (self) && more)
    go_on_soon (self);
}

/* Ends */

/* Takes back the message of @task if it is in the file alone. */
gboolean
ef_publisher_withdraw_spooled (EfPublisher *self, GTask *task)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->spool_tasks);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Waiting *waiting = value;

      if (waiting->task != task)
        continue;

      ef_spool_remove (self->spool, *(const guint64 *) key, waiting->size);
      self->n_spooled--;
      g_hash_table_iter_remove (&iter);
      return TRUE;
    }

  return FALSE;
}

/* Tells those who wait that nothing will be sent. The messages stay for the next time. */
void
ef_publisher_fail_spooled (EfPublisher *self, const GError *error)
{
  g_autoptr (GHashTable) tasks = g_steal_pointer (&self->spool_tasks);
  GHashTableIter iter;
  gpointer value;

  self->spool_tasks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, waiting_free);
  rewind_spool (self);

  g_hash_table_iter_init (&iter, tasks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_task_return_error (((Waiting *) value)->task, g_error_copy (error));
}
