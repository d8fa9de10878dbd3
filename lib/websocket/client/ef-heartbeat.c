/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#define _GNU_SOURCE 1 /* memmem() */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-error.h"
#include "ef-frame-output-private.h"
#include "ef-heartbeat-private.h"
#include "ef-json-path.h"
#include "ef-relaxed-private.h"
#include "ef-reply-template-private.h"
#include "ef-utf8-private.h"

#include <string.h>

struct _EfHeartbeat
{
  char *message; /* NULL for none */
  gint64 interval;
  EfHeartbeatCounts *counts;

  /* What theirs are known by: a text, or a place in JSON and perhaps what is there. */
  char *text;
  EfJsonPath *path;
  char *needle; /* what no message without that place lacks, NULL if nothing is known */
  char *value;  /* NULL for any */
  EfReplyTemplate *reply;
  GConverter *inflater;

  EfWebSocketConnection *connection; /* NULL while there is none */
  EfClock *clock;
  GMainContext *context;
  GSource *timer;
};

/* What must be in the bytes of each message that has the path: its last key. */
static char *
make_needle (EfJsonPath *path)
{
  for (guint i = path->steps->len; i > 0; i--)
    {
      const EfJsonStep *step = &g_array_index (path->steps, EfJsonStep, i - 1);

      if (step->key != NULL)
        return g_strdup_printf ("\"%s\"", step->key);
    }

  return NULL;
}

/* `$.path`, `$.path=value`, or the text itself. */
static gboolean
parse_match (EfHeartbeat *self, const char *match, GError **error)
{
  const char *equals = strchr (match, '=');
  g_autofree char *path = NULL;

  if (*match != '$')
    {
      self->text = g_strdup (match);
      return TRUE;
    }

  path = equals != NULL ? g_strndup (match, (gsize) (equals - match)) : g_strdup (match);
  self->path = ef_json_path_parse (g_strchomp (path), error);
  if (self->path == NULL)
    {
      g_prefix_error (error, "property “heartbeat-match”: ");
      return FALSE;
    }

  self->needle = make_needle (self->path);
  self->value = equals != NULL ? g_strstrip (g_strdup (equals + 1)) : NULL;
  self->inflater
      = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));

  return TRUE;
}

static gboolean
configure (EfHeartbeat *self, const EfHeartbeatConfig *config, GError **error)
{
  if (config->reply != NULL && config->match == NULL)
    {
      g_set_error_literal (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                           "property “heartbeat-reply”: it needs “heartbeat-match”, by which the "
                           "messages are known that are to be answered");
      return FALSE;
    }

  if (config->match != NULL && !parse_match (self, config->match, error))
    return FALSE;

  if (config->reply != NULL)
    {
      self->reply = ef_reply_template_new (config->reply, error);
      if (self->reply == NULL)
        {
          g_prefix_error (error, "property “heartbeat-reply”: ");
          return FALSE;
        }
    }

  return TRUE;
}

/* What happens is counted in @counts, which must outlive the heartbeat. */
EfHeartbeat *
ef_heartbeat_new (const EfHeartbeatConfig *config, EfHeartbeatCounts *counts, GError **error)
{
  g_autoptr (EfHeartbeat) self = g_new0 (EfHeartbeat, 1);

  self->message = g_strdup (config->message);
  self->interval = config->interval;
  self->counts = counts;
  if (!configure (self, config, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
ef_heartbeat_free (EfHeartbeat *self)
{
  ef_heartbeat_stop (self);
  g_free (self->message);
  g_free (self->text);
  g_clear_pointer (&self->path, ef_json_path_free);
  g_free (self->needle);
  g_free (self->value);
  g_clear_pointer (&self->reply, ef_reply_template_free);
  g_clear_object (&self->inflater);
  g_free (self);
}

/* Sending */

/* A server that asks and does not read makes no more than this wait. */
static gboolean
send_text (EfHeartbeat *self, const char *text, gsize length)
{
  if (self->connection == NULL || !ef_web_socket_connection_is_open (self->connection)
      || ef_web_socket_connection_get_queued (self->connection) >= EF_FRAME_OUTPUT_FLUSH_SIZE)
    return FALSE;

  ef_web_socket_connection_append (self->connection, EF_OPCODE_TEXT, text, length);
  ef_web_socket_connection_flush_soon (self->connection);

  return TRUE;
}

static gboolean timer_fired (gpointer user_data);

static void
start_timer (EfHeartbeat *self)
{
  self->timer = ef_clock_create_timeout (self->clock, self->interval);
  g_source_set_static_name (self->timer, "[EventFlux] WebSocket heartbeat");
  g_source_set_callback (self->timer, timer_fired, self, NULL);
  g_source_attach (self->timer, self->context);
}

static gboolean
timer_fired (gpointer user_data)
{
  EfHeartbeat *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  start_timer (self);
  if (send_text (self, self->message, strlen (self->message)))
    ef_relaxed_add (&self->counts->n_sent, 1);

  return G_SOURCE_REMOVE;
}

/* Begins, with a connection that stays until the stop. */
void
ef_heartbeat_start (EfHeartbeat *self, EfWebSocketConnection *connection, EfClock *clock)
{
  ef_heartbeat_stop (self);
  self->connection = ef_web_socket_connection_ref (connection);
  self->clock = clock;
  self->context = g_main_context_ref_thread_default ();
  if (self->message != NULL)
    start_timer (self);
}

void
ef_heartbeat_stop (EfHeartbeat *self)
{
  ef_clear_source (&self->timer);
  g_clear_pointer (&self->connection, ef_web_socket_connection_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
}

/* Receiving */

static gboolean
has_value (EfHeartbeat *self, const char *text, gsize length)
{
  gsize value_length;
  const char *value = ef_json_path_find (self->path, text, length, &value_length);

  if (value == NULL || self->value == NULL)
    return value != NULL;

  if (*value == '"')
    {
      value++;
      value_length -= 2;
    }

  return value_length == strlen (self->value) && memcmp (value, self->value, value_length) == 0;
}

/* Whether a message is a heartbeat. Its answer, if there is one, is put into @reply. */
gboolean
ef_heartbeat_match (EfHeartbeat *self, const char *text, gsize length, GString *reply)
{
  gboolean matches;

  if (length > EF_HEARTBEAT_MAX_SIZE)
    return FALSE;

  if (self->text != NULL)
    matches = length == strlen (self->text) && memcmp (text, self->text, length) == 0;
  else if (self->path == NULL
           || (self->needle != NULL
               && memmem (text, length, self->needle, strlen (self->needle)) == NULL))
    matches = FALSE;
  else
    matches = has_value (self, text, length);

  if (matches && self->reply != NULL && !ef_reply_template_fill (self->reply, text, length, reply))
    return FALSE;

  return matches;
}

/* Services that compress their messages compress these too. */
static gboolean
match_gzip (EfHeartbeat *self, const char *data, gsize length, GString *reply)
{
  char text[EF_HEARTBEAT_MAX_SIZE];
  gsize n_read, n_written;

  if (self->inflater == NULL || length < 18 || length > EF_HEARTBEAT_MAX_GZIP_SIZE
      || (guchar) data[0] != 0x1f || (guchar) data[1] != 0x8b)
    return FALSE;

  g_converter_reset (self->inflater);
  if (g_converter_convert (self->inflater, data, length, text, sizeof text,
                           G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL)
          != G_CONVERTER_FINISHED
      || !ef_utf8_is_valid ((const guint8 *) text, n_written))
    return FALSE;

  return ef_heartbeat_match (self, text, n_written, reply);
}

static gboolean
take_event (EfHeartbeat *self, EfEvent *event, GString *reply)
{
  gsize length;
  const char *data = ef_event_peek_data (event, 0, &length);

  if (ef_event_get_value_type (event, 0) == EF_COLUMN_STRING
          ? !ef_heartbeat_match (self, data, length, reply)
          : !match_gzip (self, data, length, reply))
    return FALSE;

  ef_relaxed_add (&self->counts->n_received, 1);
  if (reply->len > 0)
    send_text (self, reply->str, reply->len);

  return TRUE;
}

/* Answers the heartbeats of a batch. Returns what else is in it: NULL if nothing is. */
EfBatch *
ef_heartbeat_filter (EfHeartbeat *self, EfBatch *batch)
{
  g_autoptr (GString) reply = NULL;
  EfBatch *others = NULL;
  gboolean found = FALSE;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  if (self->text == NULL && self->path == NULL)
    return ef_batch_ref (batch);

  reply = g_string_new (NULL);
  for (guint i = 0; i < n_events; i++)
    {
      g_string_truncate (reply, 0);
      if (take_event (self, events[i], reply))
        {
          /* Most batches have none: those are not copied. */
          if (!found && i > 0)
            {
              others = ef_batch_new ();
              for (guint k = 0; k < i; k++)
                ef_batch_append (others, ef_event_ref (events[k]));
            }
          found = TRUE;
        }
      else if (found)
        {
          if (others == NULL)
            others = ef_batch_new ();
          ef_batch_append (others, ef_event_ref (events[i]));
        }
    }

  return found ? others : ef_batch_ref (batch);
}
