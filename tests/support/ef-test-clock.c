/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-clock.h"

#include "ef-test-loop.h"

#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*
 * EfTestClock:
 *
 * A clock that stands still until its test advances it. A timeout created from it becomes ready
 * when the clock reaches its time, never before, and wakes whatever context it is attached to. All
 * calls may be made from any thread, but those that look at the timeouts (get_next_delay, get_n_timeouts)
 * only where none of them can go away meanwhile.
 *
 * A timeout is a file descriptor under the hood. g_source_set_ready_time() would do in one thread;
 * from another it could meet a source that has just lost its last reference, whereas writing to a
 * descriptor that the lock keeps open is always safe.
 */
struct _EfTestClock
{
  EfClock parent_instance;

  GMutex lock;
  gint64 time;
  gint64 real_offset;
  GPtrArray *timeouts; /* (element-type Timeout), not owned: a source removes itself */
};

G_DEFINE_FINAL_TYPE (EfTestClock, ef_test_clock, EF_TYPE_CLOCK)

typedef struct
{
  GSource source;

  EfTestClock *clock; /* owned */
  gint64 deadline;
  int fd;
} Timeout;

static void
timeout_mark_ready_locked (Timeout *timeout)
{
  const guint64 one = 1;

  if (write (timeout->fd, &one, sizeof one) != sizeof one)
    g_error ("The test clock could not signal a timeout: %s", g_strerror (errno));
}

static gboolean
timeout_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static void
timeout_finalize (GSource *source)
{
  Timeout *timeout = (Timeout *) source;

  g_mutex_lock (&timeout->clock->lock);
  g_ptr_array_remove_fast (timeout->clock->timeouts, timeout);
  g_mutex_unlock (&timeout->clock->lock);

  close (timeout->fd);
  g_object_unref (timeout->clock);
}

static GSourceFuncs timeout_funcs = {
  .dispatch = timeout_dispatch,
  .finalize = timeout_finalize,
};

static GSource *
ef_test_clock_create_deadline (EfClock *clock, gint64 deadline)
{
  EfTestClock *self = EF_TEST_CLOCK (clock);
  GSource *source = g_source_new (&timeout_funcs, sizeof (Timeout));
  Timeout *timeout = (Timeout *) source;

  g_source_set_static_name (source, "[EventFlux tests] test clock timeout");
  timeout->clock = g_object_ref (self);
  timeout->deadline = deadline;
  timeout->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (timeout->fd < 0)
    g_error ("The test clock could not create a timeout: %s", g_strerror (errno));
  g_source_add_unix_fd (source, timeout->fd, G_IO_IN);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->timeouts, timeout);
  if (deadline <= self->time)
    timeout_mark_ready_locked (timeout);
  g_mutex_unlock (&self->lock);

  return source;
}

static gint64
ef_test_clock_get_time (EfClock *clock)
{
  EfTestClock *self = EF_TEST_CLOCK (clock);
  gint64 time;

  g_mutex_lock (&self->lock);
  time = self->time;
  g_mutex_unlock (&self->lock);

  return time;
}

static gint64
ef_test_clock_get_real_time (EfClock *clock)
{
  EfTestClock *self = EF_TEST_CLOCK (clock);
  gint64 time;

  g_mutex_lock (&self->lock);
  time = self->time + self->real_offset;
  g_mutex_unlock (&self->lock);

  return time;
}

static void
ef_test_clock_finalize (GObject *object)
{
  EfTestClock *self = EF_TEST_CLOCK (object);

  g_assert_cmpuint (self->timeouts->len, ==, 0);
  g_ptr_array_unref (self->timeouts);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (ef_test_clock_parent_class)->finalize (object);
}

static void
ef_test_clock_class_init (EfTestClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfClockClass *clock_class = EF_CLOCK_CLASS (klass);

  object_class->finalize = ef_test_clock_finalize;

  clock_class->get_time = ef_test_clock_get_time;
  clock_class->get_real_time = ef_test_clock_get_real_time;
  clock_class->create_deadline = ef_test_clock_create_deadline;
}

static void
ef_test_clock_init (EfTestClock *self)
{
  g_mutex_init (&self->lock);
  self->timeouts = g_ptr_array_new ();
  self->time = EF_TEST_CLOCK_START;
  self->real_offset = EF_TEST_CLOCK_REAL_START - EF_TEST_CLOCK_START;
}

EfTestClock *
ef_test_clock_new (void)
{
  return g_object_new (EF_TYPE_TEST_CLOCK, NULL);
}

/* ef_test_clock_advance: moves the clock on by so many microseconds. The timeouts that came due
 * are ready when this returns; their contexts dispatch them. Those of one context that come due in
 * one step run in no particular order, so where order matters advance in steps. */
void
ef_test_clock_advance (EfTestClock *self, gint64 usec)
{
  gint64 before;

  g_return_if_fail (EF_IS_TEST_CLOCK (self));
  g_return_if_fail (usec >= 0);

  g_mutex_lock (&self->lock);
  before = self->time;
  self->time += usec;
  for (guint i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = g_ptr_array_index (self->timeouts, i);

      if (timeout->deadline > before && timeout->deadline <= self->time)
        timeout_mark_ready_locked (timeout);
    }
  g_mutex_unlock (&self->lock);
}

/* ef_test_clock_let_pass: what was ready before happens first, and what comes due then. */
void
ef_test_clock_let_pass (EfTestClock *self, gint64 usec)
{
  ef_test_drain (NULL);
  ef_test_clock_advance (self, usec);
  ef_test_settle ();
}

/* ef_test_clock_set_real_time: sets the time of day, as a person or NTP would, and no timeout. */
void
ef_test_clock_set_real_time (EfTestClock *self, gint64 usec)
{
  g_return_if_fail (EF_IS_TEST_CLOCK (self));

  g_mutex_lock (&self->lock);
  self->real_offset = usec - self->time;
  g_mutex_unlock (&self->lock);
}

/* ef_test_clock_get_next_delay: how far to advance for the next timeout to come due, or -1 while
 * none is waiting. Timeouts that are due but still alive do not count. */
gint64
ef_test_clock_get_next_delay (EfTestClock *self)
{
  gint64 next = -1;

  g_return_val_if_fail (EF_IS_TEST_CLOCK (self), -1);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = g_ptr_array_index (self->timeouts, i);
      gint64 delay = timeout->deadline - self->time;

      if (delay > 0 && !g_source_is_destroyed (&timeout->source) && (next < 0 || delay < next))
        next = delay;
    }
  g_mutex_unlock (&self->lock);

  return next;
}

/* ef_test_clock_get_n_timeouts: how many timeouts exist, due or not, and are not destroyed. */
guint
ef_test_clock_get_n_timeouts (EfTestClock *self)
{
  guint n = 0;

  g_return_val_if_fail (EF_IS_TEST_CLOCK (self), 0);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = g_ptr_array_index (self->timeouts, i);

      if (!g_source_is_destroyed (&timeout->source))
        n++;
    }
  g_mutex_unlock (&self->lock);

  return n;
}
