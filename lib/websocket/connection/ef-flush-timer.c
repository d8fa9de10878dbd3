/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-flush-timer-private.h"

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

void
ef_flush_timer_init (EfFlushTimer *self,
                     GMainContext *context,
                     GSourceFunc func,
                     gpointer user_data)
{
  *self = (EfFlushTimer){ .context = context, .func = func, .user_data = user_data };
}

void
ef_flush_timer_clear (EfFlushTimer *self)
{
  ef_clear_source (&self->source);
}

/* Says whether to flush now. If not, the function is called when the iteration is over. */
gboolean
ef_flush_timer_is_due (EfFlushTimer *self)
{
  gint64 now;

  if (self->source == NULL)
    {
      self->source = g_source_new (&timer_funcs, sizeof (GSource));
      g_source_set_static_name (self->source, "[EventFlux] WebSocket flush");
      g_source_set_priority (self->source, G_PRIORITY_HIGH);
      g_source_set_can_recurse (self->source, TRUE);
      g_source_set_callback (self->source, self->func, self->user_data, NULL);
      g_source_attach (self->source, self->context);
    }

  /* The context reads the clock once an iteration, so this tells one from the next. */
  now = g_source_get_time (self->source);
  if (now != self->iteration)
    {
      self->iteration = now;
      return TRUE;
    }

  g_source_set_ready_time (self->source, 0);
  return FALSE;
}
