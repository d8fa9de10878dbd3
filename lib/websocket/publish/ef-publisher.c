/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-payload-private.h"
#include "ef-publisher-parts-private.h"
#include "ef-relaxed-private.h"

#include <string.h>

/* Enough for a write; what waits beyond it need not be encoded yet. */
#define WRITE_SIZE (64 * 1024)

/* What waits at most while there is a connection, which the kernel's buffer keeps busy: two writes.
 * The bounds of the sink's buffer are for the time without one. More than this would only grow cold
 * in memory: sending 160 bytes through 16 MiB that wait took a third longer than through these. */
#define CONNECTED_BYTES (2 * WRITE_SIZE)

void
ef_publisher_init (EfPublisher *self, EfElement *element, void (*drained) (EfElement *element))
{
  self->element = element;
  self->drained = drained;
  ef_publisher_init_options (self);
}

void
ef_publisher_clear (EfPublisher *self)
{
  g_clear_pointer (&self->connection, ef_web_socket_connection_unref);
  ef_outbox_clear (&self->outbox);
  g_clear_pointer (&self->ends, g_free);
  ef_publisher_clear_options (self);
}

EfOpcode
ef_publisher_get_opcode (EfPublisher *self)
{
  return self->message_type == EF_WEB_SOCKET_MESSAGE_TEXT ? EF_OPCODE_TEXT : EF_OPCODE_BINARY;
}

static gboolean
reaches (guint64 level, guint64 bound, gboolean low)
{
  return low ? level > bound / 2 : level >= bound;
}

/* Whether as much waits as may; if @low, half of that is enough. */
static gboolean
is_beyond (EfPublisher *self, gboolean low)
{
  guint64 max_bytes = self->max_bytes;

  if (G_UNLIKELY (self->spool != NULL))
    {
      if (reaches (ef_spool_get_n_bytes (self->spool), self->spool_max_bytes, low))
        return TRUE;
      if (self->connection == NULL)
        return FALSE;
    }
  if (self->connection != NULL && !self->drops && !self->outbox.confirms)
    max_bytes = MIN (max_bytes, CONNECTED_BYTES);

  return reaches (ef_publisher_get_n_waiting (self), self->max_messages, low)
         || reaches (self->outbox.n_bytes, max_bytes, low);
}

/* Held when full, and again free when half empty, so that it does not go to and fro with each
 * message. The same goes for a burst of what is dropped. */
static void
update_hold (EfPublisher *self)
{
  gboolean hold = is_beyond (self, self->holding || self->overflowing);

  ef_relaxed_set (&self->n_waiting, ef_publisher_get_n_waiting (self));
  if (G_UNLIKELY (self->outbox.confirms))
    ef_publisher_watch_ack (self);
  if (G_UNLIKELY (self->spool != NULL))
    {
      ef_relaxed_set (&self->n_spool_messages, ef_spool_get_n_messages (self->spool));
      ef_relaxed_set (&self->n_spool_bytes, ef_spool_get_n_bytes (self->spool));
    }
  if (G_UNLIKELY (self->drops))
    {
      if (self->overflowing && !hold)
        {
          self->overflowing = FALSE;
          ef_overflow_policy_relieved (self->overflow);
        }
      hold = hold && ef_overflow_policy_get_overflow (self->overflow) == EF_OVERFLOW_LATEST_BY_KEY;
    }

  if (hold == self->holding)
    return;

  self->holding = hold;
  if (hold)
    ef_element_hold_input (self->element);
  else
    ef_element_release_input (self->element);
}

void
ef_publisher_note_written (EfPublisher *self)
{
  guint64 written = ef_web_socket_connection_get_written (self->connection);

  ef_relaxed_add (&self->n_sent, ef_outbox_note_written (&self->outbox, written));
}

/* Whether messages can be given to the connection now. */
gboolean
ef_publisher_can_send (EfPublisher *self)
{
  return self->connection != NULL && ef_web_socket_connection_is_open (self->connection)
         && !ef_web_socket_connection_is_blocked (self->connection);
}

static void
send_now (EfPublisher *self)
{
  while (ef_publisher_can_send (self))
    {
      ef_outbox_give (&self->outbox, self->connection, ef_publisher_get_opcode (self), WRITE_SIZE);
      ef_web_socket_connection_flush (self->connection);
      ef_publisher_note_written (self);
      if (!ef_outbox_has_more (&self->outbox))
        break;
    }
}

/* Sends of what waits as much as the connection takes. */
void
ef_publisher_send_waiting (EfPublisher *self)
{
  send_now (self);
  if (G_UNLIKELY (self->spool != NULL))
    ef_publisher_sync_spool (self, ef_publisher_can_send (self));
  update_hold (self);
}

/* Gives the connection all that waits, to go before the Close that comes next. */
void
ef_publisher_send_last (EfPublisher *self)
{
  if (self->connection != NULL)
    ef_outbox_give (&self->outbox, self->connection, ef_publisher_get_opcode (self), G_MAXSIZE);
}

/* There is a connection now, or none any more. What has not left by the old one goes by the new
 * one. */
void
ef_publisher_set_connection (EfPublisher *self, EfWebSocketConnection *connection)
{
  if (self->connection != NULL)
    {
      ef_publisher_note_written (self);
      g_clear_pointer (&self->connection, ef_web_socket_connection_unref);
      ef_relaxed_add (&self->n_resent, ef_outbox_take_back (&self->outbox));
      self->n_confirmed_here = 0;
    }

  if (connection != NULL)
    self->connection = ef_web_socket_connection_ref (connection);

  ef_publisher_send_waiting (self);
}

/* Checks how the properties go together, and opens the spool if there is to be one. */
gboolean
ef_publisher_prepare (EfPublisher *self, GError **error)
{
  return ef_publisher_prepare_overflow (self, error) && ef_publisher_prepare_ack (self, error)
         && ef_publisher_open_spool (self, error);
}

void
ef_publisher_unprepare (EfPublisher *self)
{
  if (self->spool != NULL)
    ef_publisher_close_spool (self);
  ef_publisher_clear_ack (self);
}

/* Events */

/* Takes @error. Returns whether to go on with the next event. */
gboolean
ef_publisher_reject (EfPublisher *self, EfEvent *event, GError *error)
{
  gboolean go_on = ef_element_reject_event (self->element, event, error);

  self->n_rejected++;
  g_error_free (error);

  return go_on;
}

/* Gives the messages of a batch straight to the connection. What ends where is written down on the
 * way, for the case that the kernel does not take it all. Returns how many events are dealt with:
 * those up to there that have not left have an end beyond what is written. */
static guint
send_batch (EfPublisher *self, EfEvent *const *events, guint n_events)
{
  EfWebSocketConnection *connection = self->connection;
  EfOpcode opcode = ef_publisher_get_opcode (self);
  guint i;

  for (i = 0; i < n_events; i++)
    {
      const EfValue *payload;
      GError *error = NULL;

      if (G_UNLIKELY (!ef_payload_check_event (events[i], self->message_type, &payload, &error)))
        {
          self->ends[i] = 0;
          if (ef_publisher_reject (self, events[i], error))
            continue;
          /* That was the end: what follows counts as rejected with it. */
          memset (self->ends + i, 0, (n_events - i) * sizeof *self->ends);
          self->n_rejected += n_events - i - 1;
          break;
        }

      ef_web_socket_connection_append (connection, opcode, payload->v_data, payload->length);
      self->ends[i] = ef_web_socket_connection_get_appended (connection);
      if (ef_web_socket_connection_get_queued (connection) >= WRITE_SIZE
          && !ef_web_socket_connection_flush (connection))
        return i + 1;
    }

  ef_web_socket_connection_flush (connection);

  return n_events;
}

static gsize
sum_sizes (EfEvent *const *events, guint n_events)
{
  gsize size = 0;

  for (guint i = 0; i < n_events; i++)
    size += ef_payload_get_size (events[i]);

  return size;
}

/* Keeps what has to wait: of the events from @first on, those before @n_given have been given to the
 * connection. The batch itself is kept if that takes little more memory than its payloads do, as it
 * does behind an appsource or an encoder: that copy was a tenth of the cost of sending, and of large
 * messages a third. Else all payloads are copied into one block. */
static void
keep_events (EfPublisher *self, EfBatch *batch, guint first, guint n_given)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);
  gboolean compact = ef_batch_is_compact (batch, first);
  char *block = compact ? NULL : g_malloc (sum_sizes (events + first, n_events - first) + 1);
  guint n_before = self->outbox.n_messages;
  char *p = block;

  for (guint i = first; i < n_events; i++)
    {
      const EfValue *payload;
      const char *data;
      GError *error = NULL;

      if (i < n_given && self->ends[i] == 0)
        continue; /* rejected already */

      if (!ef_payload_check_event (events[i], self->message_type, &payload, &error))
        {
          if (!ef_publisher_reject (self, events[i], error))
            break;
          continue;
        }

      data = payload->v_data;
      if (!compact && payload->length > 0)
        {
          data = memcpy (p, data, payload->length);
          p += payload->length;
        }
      if (i < n_given)
        ef_outbox_push_taken (&self->outbox, data, payload->length, self->ends[i]);
      else
        ef_outbox_push (&self->outbox, data, payload->length);
    }

  if (self->outbox.n_messages == n_before)
    g_free (block);
  else if (compact)
    ef_outbox_own (&self->outbox, ef_batch_ref (batch), (GDestroyNotify) ef_batch_unref,
                   ef_batch_get_receipt (batch));
  else
    ef_outbox_own (&self->outbox, block, g_free, ef_batch_get_receipt (batch));
}

static void
make_room_for_ends (EfPublisher *self, guint n_events)
{
  if (n_events <= self->n_ends)
    return;

  g_free (self->ends);
  self->ends = g_new (guint64, n_events);
  self->n_ends = n_events;
}

gboolean
ef_publisher_is_full (EfPublisher *self, gsize more)
{
  return self->outbox.n_messages >= self->max_messages
         || self->outbox.n_bytes + more > self->max_bytes;
}

/* Sends the events of a batch, or keeps what can not leave now. */
void
ef_publisher_process (EfPublisher *self, EfBatch *batch)
{
  guint n_given = 0;
  guint first = 0;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  if (G_LIKELY (ef_publisher_is_empty (self) && ef_publisher_can_send (self)
                && !self->outbox.confirms))
    {
      guint64 written;

      self->n_rejected = 0;
      make_room_for_ends (self, n_events);
      n_given = send_batch (self, events, n_events);
      if (G_LIKELY (n_given == n_events && ef_publisher_can_send (self)
                    && ef_web_socket_connection_get_queued (self->connection) == 0))
        {
          ef_relaxed_add (&self->n_sent, n_events - self->n_rejected);
          return;
        }

      written = ef_web_socket_connection_get_written (self->connection);
      for (; first < n_given && self->ends[first] <= written; first++)
        if (self->ends[first] > 0)
          ef_relaxed_add (&self->n_sent, 1);
    }

  if (G_UNLIKELY (self->spool != NULL))
    ef_publisher_spool_events (self, batch, first, n_given);
  else if (G_UNLIKELY (self->drops || self->outbox.confirms))
    ef_publisher_keep_each (self, batch, first, n_given);
  else
    keep_events (self, batch, first, n_given);

  if (G_UNLIKELY (self->drops))
    {
      send_now (self);
      ef_publisher_drop_excess (self);
    }
  ef_publisher_send_waiting (self);
}

static gboolean
fail_full (EfPublisher *self, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%s: %" G_GUINT64_FORMAT " messages with %" G_GUINT64_FORMAT " bytes wait already; "
               "%s more",
               ef_element_get_name (self->element), ef_publisher_get_n_waiting (self),
               self->spool != NULL ? ef_spool_get_n_bytes (self->spool) : self->outbox.n_bytes,
               self->spool != NULL ? "“spool-max-bytes” allows"
                                   : "“buffer-max-messages” and “buffer-max-bytes” allow");

  return FALSE;
}

static gboolean
has_room (EfPublisher *self, gsize size)
{
  if (self->spool != NULL)
    return ef_spool_get_n_bytes (self->spool) + size <= self->spool_max_bytes;

  /* If it is the newest that has to go, an error tells who sends it. */
  return !ef_publisher_is_full (self, size)
         || ef_overflow_policy_get_overflow (self->overflow) == EF_OVERFLOW_DROP_OLDEST;
}

/* Gives the connection a message that nothing waits before. Only what does not leave at once has to be
 * remembered: to do so first and take it out again was a tenth of the instructions of a round trip. */
static void
publish_now (EfPublisher *self, GBytes *message, gconstpointer data, gsize size)
{
  EfWebSocketConnection *connection = self->connection;

  ef_web_socket_connection_append_bytes (connection, ef_publisher_get_opcode (self), message);
  ef_web_socket_connection_flush_soon (connection);
  if (G_LIKELY (ef_web_socket_connection_get_queued (connection) == 0
                && ef_web_socket_connection_is_open (connection)))
    {
      ef_relaxed_add (&self->n_sent, 1);
      return;
    }

  ef_outbox_push_taken (&self->outbox, data, size,
                        ef_web_socket_connection_get_appended (connection));
  ef_outbox_own (&self->outbox, g_bytes_ref (message), (GDestroyNotify) g_bytes_unref, NULL);
  ef_publisher_note_written (self);
  update_hold (self);
}

/* Sends a message or keeps it. @task, which may be NULL, is returned when it has left. */
gboolean
ef_publisher_publish (EfPublisher *self, GBytes *message, GTask *task, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (message, &size);

  if (!ef_payload_check_text (self->message_type, data, size, error)
      || !ef_publisher_check_id (self, data, size, error))
    return FALSE;

  if (!has_room (self, size))
    return fail_full (self, error);

  if (G_UNLIKELY (self->spool != NULL))
    return ef_publisher_spool_message (self, message, task, error);

  if (task == NULL && ef_publisher_is_empty (self) && ef_publisher_can_send (self)
      && !self->outbox.confirms)
    {
      publish_now (self, message, data, size);
      return TRUE;
    }

  ef_outbox_push_bytes (&self->outbox, message, task);
  if (ef_publisher_can_send (self))
    {
      ef_outbox_give (&self->outbox, self->connection, ef_publisher_get_opcode (self), WRITE_SIZE);
      ef_web_socket_connection_flush_soon (self->connection);
      ef_publisher_note_written (self);
    }
  if (G_UNLIKELY (self->drops))
    ef_publisher_drop_excess (self);
  update_hold (self);

  return TRUE;
}

/* Takes back a message that has not begun to leave. Its task stays the caller's to return. */
static gboolean
withdraw (EfPublisher *self, GTask *task)
{
  gboolean withdrawn = ef_outbox_withdraw (&self->outbox, task);

  if (G_UNLIKELY (self->spool != NULL))
    {
      withdrawn = withdrawn || ef_publisher_withdraw_spooled (self, task);
      ef_publisher_sync_spool (self, FALSE);
    }
  update_hold (self);

  return withdrawn;
}

/* A message that someone waits for, and who may lose patience. */
typedef struct
{
  EfPublisher *publisher; /* lives as long as the task's element */
  GTask *task;            /* unowned: this is its data */
  GSource *cancelled;
} Publish;

static void
publish_free (gpointer data)
{
  Publish *publish = data;

  if (publish->cancelled != NULL)
    {
      g_source_destroy (publish->cancelled);
      g_source_unref (publish->cancelled);
    }
  g_free (publish);
}

static gboolean
publish_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Publish *publish = user_data;
  g_autoptr (GTask) task = g_object_ref (publish->task);

  /* What has begun to leave can not be called back. */
  if (withdraw (publish->publisher, task))
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Has the cancellable of a publishing task take the message back if it can. */
void
ef_publisher_watch_cancellable (EfPublisher *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Publish *publish;

  if (cancellable == NULL)
    return;

  publish = g_new0 (Publish, 1);
  publish->publisher = self;
  publish->task = task;
  publish->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_static_name (publish->cancelled, "[EventFlux] WebSocket publish cancelled");
  g_source_set_callback (publish->cancelled, G_SOURCE_FUNC (publish_cancelled), publish, NULL);
  g_source_attach (publish->cancelled, g_main_context_get_thread_default ());
  g_task_set_task_data (task, publish, publish_free);
  /* What became of the message counts, also if someone gave up at the same time. */
  g_task_set_check_cancellable (task, FALSE);
}

/* Tells those who wait that nothing of what waits will be sent. What nobody waits for goes where the
 * error policy wants it, if somebody has set one. */
void
ef_publisher_fail (EfPublisher *self, const GError *error)
{
  g_autoptr (GPtrArray) unsent = NULL;

  if (!ef_element_is_loss_fatal (self->element))
    unsent = ef_outbox_list_unattended (
      &self->outbox, self->message_type == EF_WEB_SOCKET_MESSAGE_TEXT,
      ef_clock_get_real_time (ef_element_get_clock (self->element)));

  ef_relaxed_add (&self->n_dropped, ef_outbox_fail (&self->outbox, error));
  if (self->spool != NULL)
    ef_publisher_fail_spooled (self, error);
  update_hold (self);

  for (guint i = 0; unsent != NULL && i < unsent->len; i++)
    ef_element_reject_event (self->element, g_ptr_array_index (unsent, i), error);
}

/* May be called from any thread. */
void
ef_publisher_add_stats (EfPublisher *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "messages-sent", "t", ef_relaxed_get (&self->n_sent));
  g_variant_dict_insert (stats, "messages-dropped", "t", ef_relaxed_get (&self->n_dropped));
  g_variant_dict_insert (stats, "messages-waiting", "t", ef_relaxed_get (&self->n_waiting));
  g_variant_dict_insert (stats, "messages-confirmed", "t", ef_relaxed_get (&self->n_confirmed));
  g_variant_dict_insert (stats, "messages-resent", "t", ef_relaxed_get (&self->n_resent));
  g_variant_dict_insert (stats, "confirmations-unknown", "t", ef_relaxed_get (&self->n_unknown));
  g_variant_dict_insert (stats, "spool-messages", "t", ef_relaxed_get (&self->n_spool_messages));
  g_variant_dict_insert (stats, "spool-bytes", "t", ef_relaxed_get (&self->n_spool_bytes));
  ef_overflow_policy_add_stats (self->overflow, stats);
}
