/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-clock.h"

/**
 * EfClock:
 *
 * Where elements take the time from: for waits, for deadlines and for the timestamps of events.
 *
 * Programs use the default clock, which is the system's. A test hands an element a clock of its own
 * (see [method@EventFlux.Element.set_clock]) and so controls every wait without waiting.
 *
 * A clock may be used from any thread.
 */

/* The system's clock needs no state: the class itself is instantiated for it. */
G_DEFINE_TYPE (EfClock, ef_clock, G_TYPE_OBJECT)

static gint64
system_get_time (EfClock *self)
{
  return g_get_monotonic_time ();
}

static gint64
system_get_real_time (EfClock *self)
{
  return g_get_real_time ();
}

static gboolean
timeout_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static GSourceFuncs timeout_funcs = { .dispatch = timeout_dispatch };

static GSource *
system_create_deadline (EfClock *self, gint64 deadline)
{
  GSource *source = g_source_new (&timeout_funcs, sizeof (GSource));

  g_source_set_static_name (source, "[EventFlux] clock timeout");
  g_source_set_ready_time (source, deadline);

  return source;
}

static void
ef_clock_class_init (EfClockClass *klass)
{
  klass->get_time = system_get_time;
  klass->get_real_time = system_get_real_time;
  klass->create_deadline = system_create_deadline;
}

static void
ef_clock_init (EfClock *self)
{
}

/**
 * ef_clock_get_default:
 *
 * The system's clock.
 *
 * Returns: (transfer none): the clock that elements use unless told otherwise
 */
EfClock *
ef_clock_get_default (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) g_object_new (EF_TYPE_CLOCK, NULL));

  return (EfClock *) once;
}

/**
 * ef_clock_get_time:
 * @self: a clock
 *
 * The time that intervals are measured with. It never goes back.
 *
 * Returns: microseconds since some fixed moment
 */
gint64
ef_clock_get_time (EfClock *self)
{
  g_return_val_if_fail (EF_IS_CLOCK (self), 0);

  return EF_CLOCK_GET_CLASS (self)->get_time (self);
}

/**
 * ef_clock_get_real_time:
 * @self: a clock
 *
 * The time of day, which events are stamped with. It jumps when the system's clock is set.
 *
 * Returns: microseconds since 1970-01-01T00:00:00Z
 */
gint64
ef_clock_get_real_time (EfClock *self)
{
  g_return_val_if_fail (EF_IS_CLOCK (self), 0);

  return EF_CLOCK_GET_CLASS (self)->get_real_time (self);
}

/**
 * ef_clock_create_timeout:
 * @self: a clock
 * @delay: microseconds from now, not negative
 *
 * Creates a source that becomes ready once @delay has passed on this clock. Its callback is a
 * `GSourceFunc`; name it and attach it as any other source. To have it repeat, the callback creates
 * the next one: the source stays ready once its time has come.
 *
 * Returns: (transfer full): a new source
 */
GSource *
ef_clock_create_timeout (EfClock *self, gint64 delay)
{
  g_return_val_if_fail (EF_IS_CLOCK (self), NULL);
  g_return_val_if_fail (delay >= 0, NULL);

  return EF_CLOCK_GET_CLASS (self)->create_deadline (self, ef_clock_get_time (self) + delay);
}
