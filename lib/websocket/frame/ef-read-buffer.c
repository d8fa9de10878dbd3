/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-read-buffer-private.h"

/* A thread keeps this many buffers at hand. One is enough for connections that read in turn; the
 * others serve those that hold an unfinished frame or unsent bytes for a while. */
#define CACHE_SLOTS 8

typedef struct
{
  guint n_buffers;
  EfReadBuffer *buffers[CACHE_SLOTS];
} Cache;

static void
cache_free (gpointer data)
{
  Cache *cache = data;

  while (cache->n_buffers > 0)
    ef_read_buffer_unref (cache->buffers[--cache->n_buffers]);
  g_free (cache);
}

static GPrivate thread_cache = G_PRIVATE_INIT (cache_free);

static Cache *
get_cache (void)
{
  Cache *cache = g_private_get (&thread_cache);

  if (G_UNLIKELY (cache == NULL))
    {
      cache = g_new0 (Cache, 1);
      g_private_set (&thread_cache, cache);
    }

  return cache;
}

/* Returns NULL if there is no memory for it. The data is in the same piece of memory as the
 * structure: one allocation. */
EfReadBuffer *
ef_read_buffer_new (gsize capacity)
{
  EfReadBuffer *buffer = g_try_malloc (sizeof *buffer + capacity);

  if (buffer == NULL)
    return NULL;

  buffer->ref_count = 1;
  buffer->capacity = capacity;
  buffer->used = 0;
  buffer->data = (guint8 *) (buffer + 1);
  return buffer;
}

/* Makes room in a buffer that nobody else holds. Returns NULL, and leaves @buffer as it was, if
 * there is no memory. For large buffers the C library moves pages, not bytes. */
EfReadBuffer *
ef_read_buffer_grow (EfReadBuffer *buffer, gsize capacity)
{
  EfReadBuffer *grown = g_try_realloc (buffer, sizeof *buffer + capacity);

  if (grown == NULL)
    return NULL;

  grown->capacity = capacity;
  grown->data = (guint8 *) (grown + 1);
  return grown;
}

/* Takes a buffer with @min_room bytes behind its used part from the thread's cache, or makes
 * one. A message of a few bytes that someone keeps pins its buffer, not the buffer's free rest:
 * other messages go on filling that, so kept messages cost about their own size. */
EfReadBuffer *
ef_read_buffer_take (gsize min_room)
{
  Cache *cache = get_cache ();

  for (guint i = cache->n_buffers; i-- > 0;)
    {
      EfReadBuffer *buffer = cache->buffers[i];

      if (buffer->used > 0 && ef_read_buffer_is_sole (buffer))
        buffer->used = 0;

      if (buffer->capacity - buffer->used >= min_room)
        {
          cache->buffers[i] = cache->buffers[--cache->n_buffers];
          return buffer;
        }
    }

  EfReadBuffer *buffer = ef_read_buffer_new (MAX (EF_READ_BUFFER_SIZE, min_room));

  if (G_UNLIKELY (buffer == NULL))
    g_error ("No memory for a buffer of %d bytes", EF_READ_BUFFER_SIZE);

  return buffer;
}

/* Hands the reference that take() gave to the thread's cache. The first @used bytes may still be
 * pinned by others. */
void
ef_read_buffer_give (EfReadBuffer *buffer, gsize used)
{
  Cache *cache = get_cache ();

  /* Vectors load and store best from where they are aligned. */
  buffer->used = ef_read_buffer_is_sole (buffer) ? 0 : (used + 63) & ~(gsize) 63;

  if (cache->n_buffers < CACHE_SLOTS && buffer->capacity == EF_READ_BUFFER_SIZE &&
      buffer->used + EF_READ_BUFFER_MIN_ROOM <= EF_READ_BUFFER_SIZE)
    cache->buffers[cache->n_buffers++] = buffer;
  else
    ef_read_buffer_unref (buffer);
}

EfReadBuffer *
ef_read_buffer_ref (EfReadBuffer *buffer)
{
  g_atomic_int_inc (&buffer->ref_count);
  return buffer;
}

void
ef_read_buffer_unref (EfReadBuffer *buffer)
{
  if (g_atomic_int_dec_and_test (&buffer->ref_count))
    g_free (buffer);
}
