/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-read-buffer-private.h"

#include <string.h>

/* Returns the thread's cached buffers to the allocator, so that a test starts with none. */
static void
empty_cache (void)
{
  EfReadBuffer *buffers[32];

  for (guint i = 0; i < G_N_ELEMENTS (buffers); i++)
    buffers[i] = ef_read_buffer_take (EF_READ_BUFFER_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (buffers); i++)
    ef_read_buffer_unref (buffers[i]);
}

static void
test_reuse (void)
{
  empty_cache ();

  EfReadBuffer *first = ef_read_buffer_take (1);

  g_assert_cmpuint (first->used, ==, 0);
  g_assert_cmpuint (first->capacity, ==, EF_READ_BUFFER_SIZE);
  ef_read_buffer_give (first, 1000);

  EfReadBuffer *second = ef_read_buffer_take (EF_READ_BUFFER_SIZE);

  g_assert_true (first == second);
  g_assert_cmpuint (second->used, ==, 0);
  ef_read_buffer_give (second, 0);
}

/* A pinned part stays; what is behind it serves others; all of it, once the pin is gone. */
static void
test_pinned (void)
{
  empty_cache ();

  EfReadBuffer *buffer = ef_read_buffer_take (1);
  EfReadBuffer *pin = ef_read_buffer_ref (buffer);

  memcpy (buffer->data, "kept", 4);
  ef_read_buffer_give (buffer, 4);

  buffer = ef_read_buffer_take (1);
  g_assert_true (buffer == pin);
  g_assert_cmpuint (buffer->used, >=, 4);
  memset (buffer->data + buffer->used, 0, buffer->capacity - buffer->used);
  g_assert_cmpmem (pin->data, 4, "kept", 4);
  ef_read_buffer_give (buffer, buffer->used);

  EfReadBuffer *whole = ef_read_buffer_take (EF_READ_BUFFER_SIZE);

  g_assert_true (whole != pin);
  ef_read_buffer_unref (whole);
  ef_read_buffer_unref (pin);

  buffer = ef_read_buffer_take (EF_READ_BUFFER_SIZE);
  g_assert_true (buffer == pin);
  g_assert_cmpuint (buffer->used, ==, 0);
  ef_read_buffer_give (buffer, 0);
}

static void
test_grow (void)
{
  EfReadBuffer *buffer = ef_read_buffer_new (10);

  memcpy (buffer->data, "0123456789", 10);
  buffer = ef_read_buffer_grow (buffer, 4 * 1024 * 1024);
  g_assert_cmpuint (buffer->capacity, ==, 4 * 1024 * 1024);
  g_assert_cmpmem (buffer->data, 10, "0123456789", 10);
  ef_read_buffer_unref (buffer);
}

static gpointer
pin_and_unpin (gpointer data)
{
  for (guint i = 0; i < 100000; i++)
    ef_read_buffer_unref (ef_read_buffer_ref (data));
  ef_read_buffer_unref (data);

  /* This thread's cache is freed with it. */
  ef_read_buffer_give (ef_read_buffer_take (1), 0);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];
  EfReadBuffer *buffer = ef_read_buffer_new (64);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pin", pin_and_unpin, ef_read_buffer_ref (buffer));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_true (ef_read_buffer_is_sole (buffer));
  ef_read_buffer_unref (buffer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/read-buffer/reuse", test_reuse);
  g_test_add_func ("/read-buffer/pinned", test_pinned);
  g_test_add_func ("/read-buffer/grow", test_grow);
  g_test_add_func ("/read-buffer/threads", test_threads);

  return g_test_run ();
}
