/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-loop.h"

/* How often a condition is looked at while nothing happens on the context. What another thread
 * changes does not wake this one. */
#define TICK_MS 10

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* ef_test_get_time_scale: how much slower than natively the test runs, as under valgrind. */
guint
ef_test_get_time_scale (void)
{
  const char *text = g_getenv ("EF_TEST_TIME_SCALE");
  guint64 scale = 1;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, 1000, &scale, NULL))
    g_error ("EF_TEST_TIME_SCALE: “%s” is no number from 1 to 1000", text);

  return (guint) scale;
}

void
ef_test_deadline_init (EfTestDeadline *self,
                       GMainContext *context,
                       const char *awaited,
                       const char *file,
                       int line,
                       const char *function)
{
  self->context = context != NULL ? g_main_context_ref (context)
                                  : g_main_context_ref_thread_default ();
  self->deadline = g_get_monotonic_time ()
                   + (gint64) EF_TEST_DEADLINE_S * ef_test_get_time_scale () * G_USEC_PER_SEC;
  self->awaited = awaited;
  self->file = file;
  self->line = line;
  self->function = function;

  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_static_name (self->tick, "[EventFlux tests] tick");
  g_source_set_callback (self->tick, tick_cb, NULL, NULL);
  g_source_attach (self->tick, self->context);
}

void
ef_test_deadline_iterate (EfTestDeadline *self)
{
  if (g_get_monotonic_time () >= self->deadline)
    {
      g_autofree char *message = g_strdup_printf ("still waiting, after %u s, for %s",
                                                  EF_TEST_DEADLINE_S * ef_test_get_time_scale (),
                                                  self->awaited);

      g_assertion_message (G_LOG_DOMAIN, self->file, self->line, self->function, message);
    }

  g_main_context_iteration (self->context, TRUE);
}

void
ef_test_deadline_clear (EfTestDeadline *self)
{
  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
}

void
ef_test_wait_until_full (GMainContext *context,
                         EfTestCondition condition,
                         gpointer data,
                         const char *awaited,
                         const char *file,
                         int line,
                         const char *function)
{
  EfTestDeadline deadline;

  ef_test_deadline_init (&deadline, context, awaited, file, line, function);
  while (!condition (data))
    ef_test_deadline_iterate (&deadline);
  ef_test_deadline_clear (&deadline);
}

/* ef_test_drain: runs what is ready now, until nothing is. Shows that something does *not* happen
 * only where all that could make it happen is on this context. */
void
ef_test_drain (GMainContext *context)
{
  EfTestDeadline deadline;

  ef_test_deadline_init (&deadline, context, "the main context to have nothing to do", __FILE__,
                         __LINE__, G_STRFUNC);
  /* The deadline's own tick must not keep the context busy. */
  g_source_set_ready_time (deadline.tick, -1);
  while (g_main_context_pending (deadline.context))
    ef_test_deadline_iterate (&deadline);
  ef_test_deadline_clear (&deadline);
}

/* ef_test_settle: the same for both ends of a socket: what one of them sends becomes ready for the other
 * a moment after there was nothing to do. */
void
ef_test_settle (void)
{
  for (guint i = 0; i < 20; i++)
    ef_test_drain (NULL);
}
