/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-web-socket-connection-struct-private.h"
#include "ef-web-socket-error.h"

static const EfWebSocketConnectionFuncs no_funcs = { 0 };

static void io_ready (EfSocketIoCondition ready, gpointer user_data);
static gboolean flush_due (gpointer user_data);

/* Takes over a stream whose handshake is done. @owner must live until the stream is closed; it may
 * be NULL. The connection keeps itself alive until it is closed. */
EfWebSocketConnection *
ef_web_socket_connection_new (GIOStream *stream,
                              GObject *owner,
                              const EfWebSocketConnectionConfig *config)
{
  EfWebSocketConnection *self = g_new0 (EfWebSocketConnection, 1);

  self->ref_count = 2;
  self->role = config->role;
  self->context = g_main_context_ref_thread_default ();
  self->io = ef_socket_io_new (stream, owner, io_ready, self);
  self->reader = ef_frame_reader_new (config->role, config->max_message_size);
  self->name = g_strdup (config->name);
  self->clock = g_object_ref (config->clock);
  self->close_timeout = config->close_timeout;
  self->funcs = &no_funcs;
  ef_read_pace_init (&self->pace, self->io, self->context);
  ef_message_collector_init (&self->messages);
  ef_frame_output_init (&self->output, config->role, self->io, self->context, flush_due, self);
  _ef_web_socket_connection_watch (self, &config->keepalive);

  return self;
}

EfWebSocketConnection *
ef_web_socket_connection_ref (EfWebSocketConnection *self)
{
  self->ref_count++;

  return self;
}

void
ef_web_socket_connection_unref (EfWebSocketConnection *self)
{
  if (--self->ref_count > 0)
    return;

  g_clear_pointer (&self->reader, ef_frame_reader_free);
  ef_frame_output_clear (&self->output);
  ef_message_collector_clear (&self->messages);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->clock);
  g_free (self->name);
  g_free (self);
}

/* @funcs must stay where they are; NULL for none. */
void
ef_web_socket_connection_set_funcs (EfWebSocketConnection *self,
                                    const EfWebSocketConnectionFuncs *funcs,
                                    gpointer user_data)
{
  self->funcs = funcs != NULL ? funcs : &no_funcs;
  self->user_data = user_data;
}

static void
update_wanted (EfWebSocketConnection *self)
{
  EfSocketIoCondition wanted = EF_SOCKET_IO_NONE;

  if (self->io == NULL)
    return;

  if ((self->reading || self->state != EF_CONNECTION_OPEN) && !self->read_again)
    wanted |= EF_SOCKET_IO_READ;
  if (self->output.blocked)
    wanted |= EF_SOCKET_IO_WRITE;

  ef_socket_io_want (self->io, wanted);
}

/* The end */

static void
stream_closed (gpointer user_data)
{
  g_autoptr (EfWebSocketConnection) self = user_data;

  if (self->funcs->closed != NULL)
    self->funcs->closed (self, self->user_data);
}

static void
close_stream (EfWebSocketConnection *self)
{
  if (self->state == EF_CONNECTION_CLOSED)
    return;

  self->state = EF_CONNECTION_CLOSED;
  ef_clear_source (&self->close_timer);
  ef_keepalive_stop (&self->keepalive);
  ef_frame_output_close (&self->output);
  ef_read_pace_clear (&self->pace);
  /* The reference that the connection had on itself goes with this. */
  ef_socket_io_close (g_steal_pointer (&self->io), stream_closed, self);
}

/* Tells the outcome, once. */
void
_ef_web_socket_connection_end (EfWebSocketConnection *self,
                               guint code,
                               const char *reason,
                               const GError *error)
{
  if (self->state == EF_CONNECTION_ENDED || self->state == EF_CONNECTION_CLOSED)
    return;

  self->state = EF_CONNECTION_ENDED;
  ef_keepalive_stop (&self->keepalive);
  update_wanted (self);
  if (self->funcs->ended != NULL)
    self->funcs->ended (self, code, reason, error, self->user_data);
}

/* The stream ended or failed: nothing can be said or heard any more. @error is NULL for an end. */
static void
end_broken (EfWebSocketConnection *self, GError *error)
{
  g_autoptr (GError) reason = NULL;

  /* Whoever has said goodbye may slam the door. */
  if (self->state == EF_CONNECTION_OPEN)
    {
      if (error == NULL)
        g_set_error (&reason, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET,
                     "%s: the peer ended the connection without closing it", self->name);
      else
        g_set_error (&reason, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET,
                     "%s: the connection broke: %s", self->name, error->message);
    }

  g_clear_error (&error);
  _ef_web_socket_connection_end (self, EF_CLOSE_ABNORMAL, "", reason);
  close_stream (self);
}

static gboolean
close_timed_out (gpointer user_data)
{
  g_autoptr (EfWebSocketConnection) self = ef_web_socket_connection_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (self->state == EF_CONNECTION_OPEN)
    g_set_error (&error, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_RESET,
                 "%s: the connection broke: the peer takes no more", self->name);
  _ef_web_socket_connection_end (self, EF_CLOSE_ABNORMAL, "", error);
  ef_web_socket_connection_abort (self);

  return G_SOURCE_REMOVE;
}

static void
start_close_timer (EfWebSocketConnection *self)
{
  if (self->close_timer != NULL || self->state == EF_CONNECTION_CLOSED)
    return;

  self->close_timer = ef_clock_create_timeout (self->clock, self->close_timeout);
  g_source_set_static_name (self->close_timer, "[EventFlux] WebSocket close timeout");
  g_source_set_callback (self->close_timer, close_timed_out, self, NULL);
  g_source_attach (self->close_timer, self->context);
}

/* Once the outcome is known and everything is said, only the peer's end of the stream is missing.
 * To close before it has come could turn into a reset, which may take our Close with it; but a
 * server that has the peer's Close knows that nothing comes after it, and is to close first. */
static void
finish_if_said (EfWebSocketConnection *self)
{
  if (self->state != EF_CONNECTION_ENDED || ef_frame_output_get_queued (&self->output) > 0)
    return;

  if (self->role == EF_FRAME_ROLE_SERVER && self->close_received)
    close_stream (self);
  else
    ef_socket_io_shutdown_write (self->io);
}

/* Writing */

static void
drop_output (EfWebSocketConnection *self)
{
  ef_frame_output_drop (&self->output);
  update_wanted (self);
}

/**
 * ef_web_socket_connection_flush: (skip)
 * @self: a connection
 *
 * Writes what was appended, as far as the kernel takes it. What it does not take now goes by itself
 * later. It calls back nobody.
 *
 * Returns: whether all is written
 */
gboolean
ef_web_socket_connection_flush (EfWebSocketConnection *self)
{
  gboolean was_blocked = self->output.blocked;
  gboolean had_failed = self->output.failed;
  guint64 n_written = self->output.n_written;
  EfFrameOutputState state = ef_frame_output_flush (&self->output);

  /* A peer that makes room for more is there, whatever it says. */
  if (was_blocked && self->output.n_written != n_written)
    ef_keepalive_note_sign (&self->keepalive);

  /* Nobody takes bytes from us any more, but the peer's last words may wait to be read, its Close
   * among them: reading finds out how it ended. */
  if (state == EF_FRAME_OUTPUT_FAILED && !had_failed)
    start_close_timer (self);
  if (self->output.blocked != was_blocked)
    update_wanted (self);

  return state == EF_FRAME_OUTPUT_EMPTY;
}

static gboolean
flush_due (gpointer user_data)
{
  g_autoptr (EfWebSocketConnection) self = ef_web_socket_connection_ref (user_data);

  if (ef_web_socket_connection_flush (self) && self->state == EF_CONNECTION_OPEN
      && self->funcs->drained != NULL)
    self->funcs->drained (self, self->user_data);

  return G_SOURCE_CONTINUE;
}

/* Has what was appended written at once, or together with what is still to come in this iteration
 * of the context. */
void
ef_web_socket_connection_flush_soon (EfWebSocketConnection *self)
{
  if (ef_frame_output_is_flush_due (&self->output))
    ef_web_socket_connection_flush (self);
}

static void
append_close (EfWebSocketConnection *self, guint code, const char *reason)
{
  if (!self->output.failed)
    ef_frame_writer_append_close (self->output.writer, code, reason);
  start_close_timer (self);
}

/* Appends a message of an open connection. It leaves with a flush. */
void
ef_web_socket_connection_append (EfWebSocketConnection *self,
                                 EfOpcode opcode,
                                 gconstpointer data,
                                 gsize size)
{
  if (G_LIKELY (self->state == EF_CONNECTION_OPEN && !self->output.failed))
    ef_frame_writer_append (self->output.writer, opcode, data, size);
}

void
ef_web_socket_connection_append_bytes (EfWebSocketConnection *self,
                                       EfOpcode opcode,
                                       GBytes *payload)
{
  if (self->state == EF_CONNECTION_OPEN && !self->output.failed)
    ef_frame_writer_append_bytes (self->output.writer, opcode, payload);
}

/* A whole frame, made by ef_frame_encode_shared(). */
void
ef_web_socket_connection_append_shared (EfWebSocketConnection *self, GBytes *frame)
{
  if (self->state == EF_CONNECTION_OPEN && !self->output.failed)
    ef_frame_writer_append_shared (self->output.writer, frame);
}

/* Reading */

static void
deliver (EfWebSocketConnection *self)
{
  EfBatch *batch = ef_message_collector_take (&self->messages);

  if (batch == NULL)
    return;

  ef_keepalive_note_data (&self->keepalive);
  if (self->state == EF_CONNECTION_OPEN && self->funcs->received != NULL)
    self->funcs->received (self, batch, self->user_data);
  ef_message_collector_give_back (&self->messages, batch);
}

static void
handle_close (EfWebSocketConnection *self, const EfFrame *frame)
{
  g_autofree char *reason = g_strdup (frame->text);
  guint code = frame->code;

  self->close_received = TRUE;

  if (self->state == EF_CONNECTION_OPEN)
    {
      /* The answer echoes the code (RFC 6455, 5.5.1). It can not follow in the middle of a frame,
       * and to finish that, and what waits behind it, is no use: the peer has ceased to listen.
       * What has not left now counts as not sent, so it must not leave either. */
      if (ef_frame_output_get_queued (&self->output) > 0)
        drop_output (self);
      append_close (self, code, "");
      ef_web_socket_connection_flush (self);
    }

  _ef_web_socket_connection_end (self, code, reason, NULL);
  finish_if_said (self);
}

static EfWebSocketError
error_code_of (guint close_code)
{
  if (close_code == EF_CLOSE_TOO_BIG)
    return EF_WEB_SOCKET_ERROR_TOO_BIG;

  return close_code == EF_CLOSE_INVALID_DATA ? EF_WEB_SOCKET_ERROR_INVALID_UTF8
                                             : EF_WEB_SOCKET_ERROR_PROTOCOL;
}

/* The peer broke a rule. It is told which (RFC 6455, 7.1.7), and nothing it sends counts any more.
 * */
static void
handle_error (EfWebSocketConnection *self, const EfFrame *frame)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = g_strdup (frame->text);
  guint code = frame->code;

  if (self->state == EF_CONNECTION_OPEN)
    {
      append_close (self, code, reason);
      ef_web_socket_connection_flush (self);
      g_set_error (&error, EF_WEB_SOCKET_ERROR, (gint) error_code_of (code), "%s: %s%s%s",
                   self->name,
                   code == EF_CLOSE_PROTOCOL_ERROR ? "the peer broke the protocol: " : "",
                   reason,
                   code == EF_CLOSE_TOO_BIG ? "; “max-message-size” sets the limit" : "");
    }

  _ef_web_socket_connection_end (self, code, reason, error);
  finish_if_said (self);
}

/* Takes the frames out of what was read. Whatever ends the connection comes behind the messages
 * that were whole before it. */
static void
parse (EfWebSocketConnection *self)
{
  gint64 timestamp = ef_clock_get_real_time (self->clock);
  EfFrameResult result;
  EfFrame frame;

  while ((result = ef_frame_reader_next (self->reader, &frame)) != EF_FRAME_NEED_MORE)
    {
      if (G_LIKELY (result == EF_FRAME_MESSAGE))
        {
          if (self->state == EF_CONNECTION_OPEN)
            ef_message_collector_add (&self->messages, &frame, timestamp);
        }
      else if (result == EF_FRAME_PING)
        {
          if (self->state == EF_CONNECTION_OPEN)
            ef_frame_output_answer_ping (&self->output, frame.data, frame.len);
        }
      else if (result == EF_FRAME_PONG)
        _ef_web_socket_connection_take_pong (self, &frame);
      else
        break;
    }

  deliver (self);

  if (self->io == NULL)
    return;
  if (result == EF_FRAME_CLOSE)
    handle_close (self, &frame);
  else if (result == EF_FRAME_ERROR)
    handle_error (self, &frame);
  else if (!self->output.blocked)
    ef_web_socket_connection_flush (self);
}

/* Returns whether it brought all that there was room for, so that more may wait. */
static gboolean
read_once (EfWebSocketConnection *self)
{
  GError *error = NULL;
  guint8 *space;
  gsize room;
  gssize n;

  space = ef_frame_reader_get_space (self->reader, &room);
  n = ef_socket_io_read (self->io, space, room, &error);
  if (n == EF_SOCKET_IO_WOULD_BLOCK)
    {
      /* Has the reader let go of its buffer: most connections are idle most of the time. */
      ef_frame_reader_commit (self->reader, 0);
      parse (self);
      return FALSE;
    }

  /* What comes after the end is of no interest, only that it ends. */
  if (n <= 0 || self->state == EF_CONNECTION_ENDED)
    ef_frame_reader_commit (self->reader, 0);
  else
    {
      ef_frame_reader_commit (self->reader, (gsize) n);
      self->n_read += (gsize) n;
      ef_keepalive_note_sign (&self->keepalive);
      parse (self);
      if (ef_keepalive_wants_data (&self->keepalive) && ef_frame_reader_is_in_message (self->reader))
        ef_keepalive_note_data (&self->keepalive);
    }

  if (n <= 0)
    end_broken (self, error);

  return n == (gssize) room && self->state == EF_CONNECTION_OPEN && self->reading;
}

static void
handle_readable (EfWebSocketConnection *self)
{
  guint n_reads = 0;
  gint64 start;

  /* A callback further out runs a loop of its own. What is read now would overtake the batch that
   * it is busy with, so it waits until that is done. */
  if (self->in_read)
    {
      self->read_again = TRUE;
      update_wanted (self);
      return;
    }

  self->in_read = TRUE;
  ef_read_pace_end_breath (&self->pace);
  start = g_get_monotonic_time ();

  while (read_once (self) && !self->read_again && ef_read_pace_allows (++n_reads, start))
    ;

  self->in_read = FALSE;
  if (self->read_again)
    {
      self->read_again = FALSE;
      update_wanted (self);
    }
  if (self->io != NULL)
    ef_read_pace_add (&self->pace, start, g_get_monotonic_time ());
}

static void
handle_writable (EfWebSocketConnection *self)
{
  if (!ef_web_socket_connection_flush (self))
    return;

  if (self->state == EF_CONNECTION_OPEN && ef_frame_output_answer_late_ping (&self->output)
      && !ef_web_socket_connection_flush (self))
    return;

  if (self->state == EF_CONNECTION_OPEN && self->funcs->drained != NULL)
    self->funcs->drained (self, self->user_data);
  finish_if_said (self);
}

static void
io_ready (EfSocketIoCondition ready, gpointer user_data)
{
  g_autoptr (EfWebSocketConnection) self = ef_web_socket_connection_ref (user_data);

  if ((ready & EF_SOCKET_IO_WRITE) && self->io != NULL)
    handle_writable (self);
  if ((ready & EF_SOCKET_IO_READ) && self->io != NULL)
    handle_readable (self);
}

/* Control */

/* Begins to read, or leaves what comes in the socket, where it makes the peer wait. */
void
ef_web_socket_connection_set_reading (EfWebSocketConnection *self, gboolean reading)
{
  self->reading = reading;
  ef_keepalive_set_reading (&self->keepalive, reading);
  update_wanted (self);
}

/* Whether messages can be appended and may arrive. */
gboolean
ef_web_socket_connection_is_open (EfWebSocketConnection *self)
{
  return self->state == EF_CONNECTION_OPEN && !self->output.failed;
}

/* Whether the kernel takes no more for now; drained() is called when it does. */
gboolean
ef_web_socket_connection_is_blocked (EfWebSocketConnection *self)
{
  return self->output.blocked;
}

/* Says goodbye, behind all that was appended, and waits for the peer to do the same, up to the
 * close timeout. No message is delivered any more. */
void
ef_web_socket_connection_close (EfWebSocketConnection *self, guint code, const char *reason)
{
  if (self->state != EF_CONNECTION_OPEN)
    return;

  self->state = EF_CONNECTION_CLOSING;
  ef_keepalive_stop (&self->keepalive);
  append_close (self, code, reason);
  ef_web_socket_connection_flush (self);
  update_wanted (self);
}

/* Ends the connection without a word. Only closed() is called after this. */
void
ef_web_socket_connection_abort (EfWebSocketConnection *self)
{
  if (self->state == EF_CONNECTION_CLOSED)
    return;

  ef_socket_io_abort (self->io);
  close_stream (self);
}
