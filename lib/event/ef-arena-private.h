/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-schema.h"

G_BEGIN_DECLS

/* A block of memory in which events lie, one behind the other.
 *
 * Who fills an arena (a builder) owns it, and says so with EF_ARENA_OWNED references at once. An
 * event takes none of its own when it is made, the arena only counts it in `n_events`; an event that
 * goes drops one. When the owner lets go it turns its references into those that the events should
 * have had. So making an event costs no atomic operation, and all events of a batch can go with one. */
typedef struct
{
  gint refs; /* atomic */
  guint n_events;
  gsize size;
  gsize used;

  /* What all events here share, let go with the arena: their schema, unless it is immortal, and
   * what their slices lie in. */
  EfSchema *schema;
  gpointer pinned;
  GDestroyNotify unpin;

  /* 8 is all that an event needs. */
  char data[] __attribute__ ((aligned (8)));
} EfArena;

#define EF_ARENA_OWNED (1 << 30)

/* What an arena of the usual size holds: 32 KiB with the header, which is some 680 raw messages or
 * 150 trades of five columns, a little more than one read of 64 KiB brings. */
#define EF_ARENA_SIZE (32768 - sizeof (EfArena))

EfArena *ef_arena_new (gsize size, EfSchema *schema);

void ef_arena_disown (EfArena *self);

void ef_arena_drop (EfArena *self, guint n_events);

G_END_DECLS
