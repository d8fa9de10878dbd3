/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Read from any thread. */
typedef struct
{
  guint64 n_missing;
  guint64 n_duplicates; /* a number no greater than the last one of its key */
  guint64 n_restarts;   /* a number that began anew on another connection */
  guint64 n_unnumbered; /* messages without a number, or without a key */
  guint64 n_keys;
} EfSequenceCounts;

/* Knows by the numbers in messages, counted up by one for each message of a key, which are missing and
 * which came twice. It remembers the last number of so many keys; of more, those it has not seen for
 * the longest time are forgotten. */
typedef struct _EfSequence EfSequence;

/* What is missing before a message. */
typedef struct
{
  const char *key; /* NULL without keys; until the next call */
  gint64 first;
  gint64 last;
  gint64 since; /* the time of the message before */
} EfSequenceHole;

EfSequence *ef_sequence_new (const char *path,
                             const char *key_path,
                             guint max_keys,
                             EfSequenceCounts *counts,
                             GError **error);

void ef_sequence_free (EfSequence *self);

void ef_sequence_begin_connection (EfSequence *self);

gboolean ef_sequence_check (EfSequence *self,
                            const char *text,
                            gsize length,
                            gint64 timestamp,
                            EfSequenceHole *hole);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfSequence, ef_sequence_free)

G_END_DECLS
