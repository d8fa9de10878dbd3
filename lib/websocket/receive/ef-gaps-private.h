/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-marker.h"
#include "ef-sequence-private.h"

G_BEGIN_DECLS

/* What a source knows of the messages that it missed: while it had no connection, and by the numbers in
 * them. It makes the markers, tells the bus, and counts. The source embeds it. */
typedef struct
{
  EfElement *element;

  char *sequence_path;
  char *sequence_key_path;
  guint sequence_max_keys;

  EfSequence *sequence; /* from READY on, NULL without a path */
  gint64 last_message;  /* when it came, 0 if none did */
  gint64 lost_at;       /* when the last connection was lost, 0 if none was */
  char *cause;
  EfMarker *marker; /* of a gap that is over and was not pushed yet */

  /* Holes come as fast as messages if the path is wrong: the bus is told of some a second. */
  gint64 second;
  guint n_told;
  guint64 n_untold_holes;
  guint64 n_untold_missing;

  /* Read from any thread. */
  guint64 n_gaps;
  guint64 n_holes;
  EfSequenceCounts counts;
} EfGaps;

typedef enum
{
  EF_GAPS_SEQUENCE_PATH,
  EF_GAPS_SEQUENCE_KEY_PATH,
  EF_GAPS_SEQUENCE_MAX_KEYS,
} EfGapsProperty;

#define EF_GAPS_N_PROPERTIES (EF_GAPS_SEQUENCE_MAX_KEYS + 1)

/* Messages of holes on the bus a second. */
#define EF_GAPS_HOLES_PER_SECOND 10

void ef_gaps_install (GObjectClass *klass, guint first_id);

void ef_gaps_init (EfGaps *self, EfElement *element);

void ef_gaps_clear (EfGaps *self);

void ef_gaps_get_property (EfGaps *self, EfGapsProperty property, GValue *value);

gboolean ef_gaps_set_property (EfGaps *self, EfGapsProperty property, const GValue *value);

gboolean ef_gaps_prepare (EfGaps *self, GError **error);

void ef_gaps_unprepare (EfGaps *self);

void ef_gaps_open (EfGaps *self);

void ef_gaps_lose (EfGaps *self, guint code, const char *reason);

void ef_gaps_end (EfGaps *self);

EfMarker *ef_gaps_take_marker (EfGaps *self);

void ef_gaps_push (EfGaps *self, EfBatch *batch);

void ef_gaps_add_stats (EfGaps *self, GVariantDict *stats);

G_END_DECLS
