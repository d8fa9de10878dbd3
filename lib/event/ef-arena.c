/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-arena-private.h"

/* Arenas that nobody uses, two short lists a thread. A source makes and drops one arena a batch: this
 * spares it malloc's way to 32 KiB (60 ns here), and an element that is idle holds no memory at all.
 * Large ones, for messages that do not fit the usual size, are kept too: malloc gives their memory
 * back to the system and gets it again, page by page, which took a sixth of the time of sending
 * messages of 64 KiB. */
#define CACHE_LENGTH 4
#define LARGE_CACHE_LENGTH 4
#define LARGE_MAX (128 * 1024)

typedef struct
{
  guint n_arenas;
  guint n_large;
  EfArena *arenas[CACHE_LENGTH];
  EfArena *large[LARGE_CACHE_LENGTH];
} ArenaCache;

static void
arena_cache_free (gpointer data)
{
  ArenaCache *cache = data;

  for (guint i = 0; i < cache->n_arenas; i++)
    g_free (cache->arenas[i]);
  for (guint i = 0; i < cache->n_large; i++)
    g_free (cache->large[i]);
  g_free (cache);
}

static GPrivate cache_key = G_PRIVATE_INIT (arena_cache_free);

static ArenaCache *
arena_cache_get (void)
{
  ArenaCache *cache = g_private_get (&cache_key);

  if (G_UNLIKELY (cache == NULL))
    {
      cache = g_new0 (ArenaCache, 1);
      g_private_set (&cache_key, cache);
    }

  return cache;
}

static inline gboolean
is_large (gsize size)
{
  return size > EF_ARENA_SIZE && size <= LARGE_MAX;
}

/* One with room for @size bytes, but not for more than twice as many: events that are kept pin all of
 * their arena. */
static EfArena *
take_large (ArenaCache *cache, gsize size)
{
  for (guint i = cache->n_large; i-- > 0;)
    {
      EfArena *self = cache->large[i];

      if (self->size < size || self->size > 2 * size)
        continue;

      cache->large[i] = cache->large[--cache->n_large];
      return self;
    }

  return NULL;
}

static EfArena *
take_cached (gsize size)
{
  ArenaCache *cache;

  if (size != EF_ARENA_SIZE && !is_large (size))
    return NULL;

  cache = arena_cache_get ();
  if (size != EF_ARENA_SIZE)
    return take_large (cache, size);

  return cache->n_arenas > 0 ? cache->arenas[--cache->n_arenas] : NULL;
}

/* A new arena with room for @size bytes, owned by the caller. */
EfArena *
ef_arena_new (gsize size, EfSchema *schema)
{
  EfArena *self = take_cached (size);

  if (self == NULL)
    {
      self = g_malloc (sizeof (EfArena) + size);
      self->size = size;
    }

  self->refs = EF_ARENA_OWNED;
  self->n_events = 0;
  self->used = 0;
  self->schema = schema != NULL ? ef_schema_ref (schema) : NULL;
  self->pinned = NULL;
  self->unpin = NULL;

  return self;
}

static gboolean
give_to_cache (EfArena *self)
{
  ArenaCache *cache;

  if (self->size != EF_ARENA_SIZE && !is_large (self->size))
    return FALSE;

  cache = arena_cache_get ();
  if (self->size == EF_ARENA_SIZE && cache->n_arenas < CACHE_LENGTH)
    cache->arenas[cache->n_arenas++] = self;
  else if (self->size != EF_ARENA_SIZE && cache->n_large < LARGE_CACHE_LENGTH)
    cache->large[cache->n_large++] = self;
  else
    return FALSE;

  return TRUE;
}

static void
arena_free (EfArena *self)
{
  if (self->unpin != NULL)
    self->unpin (self->pinned);
  g_clear_pointer (&self->schema, ef_schema_unref);

  if (!give_to_cache (self))
    g_free (self);
}

static void
arena_add_refs (EfArena *self, gint change)
{
  if (g_atomic_int_add (&self->refs, change) + change == 0)
    arena_free (self);
}

/* The owner adds no more events. */
void
ef_arena_disown (EfArena *self)
{
  arena_add_refs (self, (gint) self->n_events - EF_ARENA_OWNED);
}

/* As many events are gone. */
void
ef_arena_drop (EfArena *self, guint n_events)
{
  arena_add_refs (self, -(gint) n_events);
}
