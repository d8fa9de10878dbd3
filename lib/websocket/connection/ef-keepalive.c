/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-keepalive-private.h"

#include <string.h>

static gboolean timer_fired (gpointer user_data);

/* When there is something to look at next, G_MAXINT64 for never. What happens meanwhile only makes
 * it later, so nobody needs to touch the timer for it. */
static gint64
get_due (EfKeepalive *self)
{
  gint64 due = G_MAXINT64;

  if (self->config.ping_interval > 0)
    due = self->next_ping;
  if (self->awaiting)
    due = MIN (due, self->pong_deadline);
  if (self->config.idle_timeout > 0)
    due = MIN (due, self->last_data + self->config.idle_timeout);

  return due;
}

static void
start_timer (EfKeepalive *self)
{
  gint64 due = get_due (self);

  ef_clear_source (&self->timer);
  if (due == G_MAXINT64)
    return;

  self->timer = ef_clock_create_timeout (self->clock,
                                         MAX (0, due - ef_clock_get_time (self->clock)));
  g_source_set_static_name (self->timer, "[EventFlux] WebSocket keepalive");
  g_source_set_callback (self->timer, timer_fired, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* @funcs must stay where they are. */
void
ef_keepalive_init (EfKeepalive *self,
                   const EfKeepaliveConfig *config,
                   EfClock *clock,
                   GMainContext *context,
                   const EfKeepaliveFuncs *funcs,
                   gpointer user_data)
{
  gint64 now = ef_clock_get_time (clock);

  *self = (EfKeepalive){
    .config = *config,
    .clock = clock,
    .context = context,
    .funcs = funcs,
    .user_data = user_data,
    .next_ping = now + config->ping_interval,
    .ping_sent = -1,
    .last_data = now,
  };

  start_timer (self);
}

/* Looks after nothing any more. */
void
ef_keepalive_stop (EfKeepalive *self)
{
  ef_clear_source (&self->timer);
  self->config = (EfKeepaliveConfig){ 0 };
  self->awaiting = FALSE;
  self->ping_sent = -1;
}

/* What came while nobody read is about to be seen: both times begin anew. */
void
ef_keepalive_set_reading (EfKeepalive *self, gboolean reading)
{
  if (self->reading == reading)
    return;

  self->reading = reading;
  if (!reading)
    return;

  if (self->awaiting)
    self->pong_deadline = ef_clock_get_time (self->clock) + self->config.pong_timeout;
  ef_keepalive_note_data (self);
}

static void
send_ping (EfKeepalive *self, gint64 now)
{
  guint64 number = ++self->n_pings;
  guint64 payload = GUINT64_TO_BE (number);

  self->ping_sent = now;
  self->awaiting = self->config.pong_timeout > 0;
  self->pong_deadline = now + self->config.pong_timeout;
  self->unread = self->funcs->get_unread (self->user_data);
  self->funcs->send_ping (&payload, sizeof payload, self->user_data);
}

/* Returns how many microseconds the answer took, or -1 if it is none to the last ping: anyone may
 * send a pong at any time (RFC 6455, section 5.5.3). */
gint64
ef_keepalive_take_pong (EfKeepalive *self, gconstpointer payload, gsize size)
{
  guint64 expected = GUINT64_TO_BE (self->n_pings);
  gint64 sent = self->ping_sent;

  if (sent < 0 || size != sizeof expected || memcmp (payload, &expected, sizeof expected) != 0)
    return -1;

  self->ping_sent = -1;

  return ef_clock_get_time (self->clock) - sent;
}

/* Whether something came behind the ping that is not read, or may have been kept from coming. */
static gboolean
has_unread_sign (EfKeepalive *self)
{
  gssize unread = self->funcs->get_unread (self->user_data);

  return unread < 0 || unread > self->unread || unread > EF_KEEPALIVE_UNREAD_MAX;
}

static gboolean
is_idle (EfKeepalive *self, gint64 now)
{
  if (!self->reading)
    self->last_data = now;

  return self->config.idle_timeout > 0 && now - self->last_data >= self->config.idle_timeout;
}

static gboolean
is_silent (EfKeepalive *self, gint64 now)
{
  if (!self->awaiting || now < self->pong_deadline)
    return FALSE;

  if (!self->reading && has_unread_sign (self))
    self->awaiting = FALSE;

  return self->awaiting;
}

/* Returns why the peer is taken for dead, or NULL. */
static char *
check (EfKeepalive *self, gint64 now)
{
  if (is_silent (self, now))
    return g_strdup_printf ("the peer is silent: nothing came within %" G_GINT64_FORMAT
                            " ms after a ping; “pong-timeout-ms” allows more",
                            self->config.pong_timeout / 1000);
  if (is_idle (self, now))
    return g_strdup_printf ("no message came for %" G_GINT64_FORMAT
                            " ms; “idle-timeout-ms” allows more",
                            self->config.idle_timeout / 1000);

  return NULL;
}

static gboolean
timer_fired (gpointer user_data)
{
  EfKeepalive *self = user_data;
  gint64 now = ef_clock_get_time (self->clock);
  g_autofree char *why = check (self, now);

  if (why != NULL)
    {
      ef_keepalive_stop (self);
      self->funcs->silent (why, self->user_data);
      return G_SOURCE_REMOVE;
    }

  /* One ping at a time: a second one could tell nothing that the first does not. */
  if (self->config.ping_interval > 0 && now >= self->next_ping)
    {
      self->next_ping = now + self->config.ping_interval;
      if (!self->awaiting)
        send_ping (self, now);
    }

  /* Sending may have found the connection broken. */
  if (self->timer != NULL)
    start_timer (self);

  return G_SOURCE_REMOVE;
}
