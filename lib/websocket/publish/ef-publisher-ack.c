/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-error.h"
#include "ef-payload-private.h"
#include "ef-publisher-parts-private.h"
#include "ef-relaxed-private.h"

#include <string.h>

/* Messages that the peer confirms, by an answer that names the identifier of one, or says how many it
 * has got by this connection. Until then they stay in the outbox, and are sent again by the next
 * connection. */

static gboolean
is_set (const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
parse_path (EfPublisher *self,
            const char *key,
            const char *text,
            EfJsonPath **path,
            GError **error)
{
  *path = ef_json_path_parse (text, error);
  if (*path == NULL)
    g_prefix_error (error, "%s: %s: ", ef_element_get_name (self->element), key);

  return *path != NULL;
}

void
ef_publisher_clear_ack (EfPublisher *self)
{
  ef_clear_source (&self->ack_timer);
  g_clear_pointer (&self->ack_path, ef_json_path_free);
  g_clear_pointer (&self->ack_id_path, ef_json_path_free);
  self->outbox.confirms = FALSE;
}

gboolean
ef_publisher_prepare_ack (EfPublisher *self, GError **error)
{
  ef_publisher_clear_ack (self);

  if (is_set (self->ack_id_path_text) && !is_set (self->ack_path_text))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                   "%s: “ack-id-path” needs “ack-path”, where the answers name the message",
                   ef_element_get_name (self->element));
      return FALSE;
    }

  if (!is_set (self->ack_path_text))
    return TRUE;

  self->outbox.confirms = TRUE;

  return parse_path (self, "ack-path", self->ack_path_text, &self->ack_path, error)
         && (!is_set (self->ack_id_path_text)
             || parse_path (self, "ack-id-path", self->ack_id_path_text, &self->ack_id_path, error));
}

/* Whether a message can be confirmed. */
gboolean
ef_publisher_check_id (EfPublisher *self, const char *data, gsize size, GError **error)
{
  gsize length;

  if (G_LIKELY (self->ack_id_path == NULL)
      || ef_json_path_find (self->ack_id_path, data, size, &length) != NULL)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_DATA,
               "the message has nothing at “ack-id-path” (%s), so it could not be confirmed",
               self->ack_id_path_text);

  return FALSE;
}

/* What a publisher asks of an event before it keeps it. */
gboolean
ef_publisher_check_event (EfPublisher *self,
                          EfEvent *event,
                          const EfValue **payload,
                          GError **error)
{
  return ef_payload_check_event (event, self->message_type, payload, error)
         && ef_publisher_check_id (self, (*payload)->v_data, (*payload)->length, error);
}

static gboolean
has_id (EfPublisher *self, guint index, const char *id, gsize length)
{
  gsize size, found_length;
  const char *data = ef_outbox_peek_left (&self->outbox, index, &size);
  const char *found
    = data != NULL ? ef_json_path_find (self->ack_id_path, data, size, &found_length) : NULL;

  return found != NULL && found_length == length && memcmp (found, id, length) == 0;
}

/* Answers mostly come in order, so it is the first one that is looked at. One that names a message for
 * the second time, because it was sent again, is nothing to worry about. */
static void
confirm_id (EfPublisher *self, const char *id, gsize length)
{
  for (guint i = 0; i < self->outbox.n_left; i++)
    if (has_id (self, i, id, length))
      {
        ef_outbox_confirm (&self->outbox, i);
        ef_relaxed_add (&self->n_confirmed, 1);
        return;
      }

  ef_relaxed_add (&self->n_unknown, 1);
}

static void
warn (EfPublisher *self, const char *answer, const char *problem)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new (EF_ERROR, EF_ERROR_DATA, "%s: an answer has “%s” at “ack-path”: %s",
                       ef_element_get_name (self->element), answer, problem);
  ef_relaxed_add (&self->n_unknown, 1);
  ef_element_post_warning (self->element, error, NULL);
}

/* The number of messages that the peer has got by this connection. */
static void
confirm_count (EfPublisher *self, const char *answer, gsize length)
{
  g_autofree char *text = g_strndup (answer, MIN (length, 40));
  guint64 n_got, n_more;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &n_got, NULL))
    {
      warn (self, text, "this is not the number of messages that have come; “ack-id-path” would "
                        "have it looked for in what was sent");
      return;
    }
  if (n_got <= self->n_confirmed_here)
    return;

  n_more = n_got - self->n_confirmed_here;
  n_got = ef_outbox_confirm_first (&self->outbox, n_more);
  self->n_confirmed_here += n_got;
  ef_relaxed_add (&self->n_confirmed, n_got);
  if (n_got < n_more)
    warn (self, text, "that is more than were sent by this connection");
}

static gboolean
not_confirmed (gpointer user_data)
{
  EfPublisher *self = user_data;
  g_autofree char *why
    = g_strdup_printf ("the server did not confirm a message within %u ms; “ack-timeout-ms” "
                       "allows more",
                       self->ack_timeout_ms);

  ef_clear_source (&self->ack_timer);
  ef_web_socket_connection_take_for_dead (self->connection, why);

  return G_SOURCE_REMOVE;
}

/* Sees to it that the first message that has left does not wait for ever. Its time begins when it is the
 * first: a message after it needs none of its own, as it becomes the first in time. */
void
ef_publisher_watch_ack (EfPublisher *self)
{
  gboolean waits = self->ack_timeout_ms > 0 && self->connection != NULL
                   && ef_web_socket_connection_is_open (self->connection) && self->outbox.n_left > 0;

  if (waits && self->ack_timer != NULL && self->ack_awaited == self->outbox.n_popped)
    return;

  ef_clear_source (&self->ack_timer);
  if (!waits)
    return;

  self->ack_awaited = self->outbox.n_popped;
  self->ack_timer
    = ef_clock_create_timeout (ef_element_get_clock (self->element),
                               self->ack_timeout_ms * G_TIME_SPAN_MILLISECOND);
  g_source_set_static_name (self->ack_timer, "[EventFlux] WebSocket confirmation");
  g_source_set_callback (self->ack_timer, not_confirmed, self, NULL);
  g_source_attach (self->ack_timer, ef_element_get_context (self->element));
}

/* Looks at what the peer says. */
void
ef_publisher_receive (EfPublisher *self, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  if (!self->outbox.confirms || self->connection == NULL)
    return;

  /* What is answered has left. */
  ef_publisher_note_written (self);
  for (guint i = 0; i < n_events; i++)
    {
      const EfValue *payload = ef_event_peek_values (events[i]);
      const char *answer;
      gsize length;

      if (payload->type != EF_COLUMN_STRING)
        continue;

      answer = ef_json_path_find (self->ack_path, payload->v_data, payload->length, &length);
      if (answer == NULL)
        continue;

      if (self->ack_id_path != NULL)
        confirm_id (self, answer, length);
      else
        confirm_count (self, answer, length);
    }

  ef_publisher_send_waiting (self);
  self->drained (self->element);
}
