/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clear-source-private.h"
#include "ef-connect-turn-private.h"

/* Those who connect to one server from one context. It is there as long as anybody is in it. */
typedef struct
{
  char *name; /* what it is found by */
  guint n_running;
  GQueue waiting;
} Line;

struct _EfConnectTurn
{
  Line *line;
  gboolean running;
  GSource *source; /* calls the function when it is its turn, NULL after */
  GSourceOnceFunc func;
  gpointer user_data;
};

/* The lines of all contexts: each is touched by the thread of its context alone, the table by all. */
static GHashTable *lines;
G_LOCK_DEFINE_STATIC (lines);

static Line *
join_line (const char *host, guint16 port, GMainContext *context)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);
  g_autofree char *name = g_strdup_printf ("%p %s %u", (gpointer) context, lower, port);
  Line *line;

  G_LOCK (lines);
  if (lines == NULL)
    lines = g_hash_table_new (g_str_hash, g_str_equal);

  line = g_hash_table_lookup (lines, name);
  if (line == NULL)
    {
      line = g_new0 (Line, 1);
      line->name = g_steal_pointer (&name);
      g_queue_init (&line->waiting);
      g_hash_table_insert (lines, line->name, line);
    }
  G_UNLOCK (lines);

  return line;
}

static void
leave_line (Line *line)
{
  if (line->n_running > 0 || !g_queue_is_empty (&line->waiting))
    return;

  G_LOCK (lines);
  g_hash_table_remove (lines, line->name);
  if (g_hash_table_size (lines) == 0)
    g_clear_pointer (&lines, g_hash_table_unref);
  G_UNLOCK (lines);

  g_free (line->name);
  g_free (line);
}

static void
run (EfConnectTurn *self)
{
  self->running = TRUE;
  self->line->n_running++;
  g_source_set_ready_time (self->source, 0);
}

static gboolean
its_turn (gpointer user_data)
{
  EfConnectTurn *self = user_data;

  ef_clear_source (&self->source);
  self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
turn_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs turn_funcs = { .dispatch = turn_dispatch };

/* Has @func called from @context when it is this one's turn to connect. The turn ends when it is
 * freed, which may be before it has come. */
EfConnectTurn *
ef_connect_turn_new (const char *host,
                     guint16 port,
                     GMainContext *context,
                     GSourceOnceFunc func,
                     gpointer user_data)
{
  EfConnectTurn *self = g_new0 (EfConnectTurn, 1);

  self->line = join_line (host, port, context);
  self->func = func;
  self->user_data = user_data;

  self->source = g_source_new (&turn_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[EventFlux] WebSocket connect turn");
  g_source_set_callback (self->source, its_turn, self, NULL);
  g_source_attach (self->source, context);

  if (self->line->n_running < EF_CONNECT_TURNS)
    run (self);
  else
    g_queue_push_tail (&self->line->waiting, self);

  return self;
}

void
ef_connect_turn_free (EfConnectTurn *self)
{
  Line *line = self->line;

  if (!self->running)
    g_queue_remove (&line->waiting, self);
  else if (--line->n_running < EF_CONNECT_TURNS && !g_queue_is_empty (&line->waiting))
    run (g_queue_pop_head (&line->waiting));

  ef_clear_source (&self->source);
  g_free (self);
  leave_line (line);
}
