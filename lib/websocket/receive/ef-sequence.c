/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-json-path.h"
#include "ef-relaxed-private.h"
#include "ef-sequence-private.h"

#include <errno.h>
#include <string.h>

/* One key, and where it is. */
typedef struct
{
  GList link; /* in the order of use */
  char *key;
  gint64 last;
  gint64 timestamp;
  guint connection;
} Track;

struct _EfSequence
{
  EfJsonPath *path;
  EfJsonPath *key_path; /* NULL without keys */
  guint max_keys;
  GHashTable *tracks; /* by key */
  GQueue order;       /* of Track, the one that was used last first */
  GString *key;
  guint connection;
  EfSequenceCounts *counts;
};

static void
track_free (gpointer data)
{
  Track *track = data;

  g_free (track->key);
  g_free (track);
}

static EfJsonPath *
parse_path (const char *property, const char *text, GError **error)
{
  EfJsonPath *path = ef_json_path_parse (text, error);

  if (path == NULL)
    g_prefix_error (error, "property “%s”: ", property);

  return path;
}

/* @key_path may be NULL. What is counted is added to @counts, which must outlive the sequence. */
EfSequence *
ef_sequence_new (const char *path,
                 const char *key_path,
                 guint max_keys,
                 EfSequenceCounts *counts,
                 GError **error)
{
  g_autoptr (EfSequence) self = g_new0 (EfSequence, 1);

  self->max_keys = max_keys;
  self->counts = counts;
  self->tracks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, track_free);
  self->key = g_string_new (NULL);
  g_queue_init (&self->order);

  self->path = parse_path ("sequence-path", path, error);
  if (self->path == NULL)
    return NULL;

  if (key_path != NULL)
    {
      self->key_path = parse_path ("sequence-key-path", key_path, error);
      if (self->key_path == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
ef_sequence_free (EfSequence *self)
{
  g_hash_table_unref (self->tracks);
  g_string_free (self->key, TRUE);
  g_clear_pointer (&self->path, ef_json_path_free);
  g_clear_pointer (&self->key_path, ef_json_path_free);
  g_free (self);
}

/* Numbers may begin anew. */
void
ef_sequence_begin_connection (EfSequence *self)
{
  self->connection++;
}

/* Takes a whole number, which may be written as a string. */
static gboolean
parse_number (const char *text, gsize length, gint64 *number)
{
  char digits[24];
  char *end;

  if (length >= 2 && *text == '"')
    {
      text++;
      length -= 2;
    }
  if (length == 0 || length >= sizeof digits || !(*text == '-' || g_ascii_isdigit (*text)))
    return FALSE;

  memcpy (digits, text, length);
  digits[length] = '\0';

  errno = 0;
  *number = g_ascii_strtoll (digits, &end, 10);

  return *end == '\0' && errno == 0;
}

static gboolean
read_message (EfSequence *self, const char *text, gsize length, gint64 *number)
{
  const char *value;
  gsize value_length;

  value = ef_json_path_find (self->path, text, length, &value_length);
  if (value == NULL || !parse_number (value, value_length, number))
    return FALSE;

  g_string_truncate (self->key, 0);
  if (self->key_path == NULL)
    return TRUE;

  value = ef_json_path_find (self->key_path, text, length, &value_length);
  if (value == NULL)
    return FALSE;

  /* A string is shown as its text, and anything else as its JSON. */
  if (*value == '"')
    g_string_append_len (self->key, value + 1, (gssize) value_length - 2);
  else
    g_string_append_len (self->key, value, (gssize) value_length);

  return TRUE;
}

static void
forget_oldest (EfSequence *self)
{
  Track *oldest = g_queue_peek_tail (&self->order);

  g_queue_unlink (&self->order, &oldest->link);
  g_hash_table_remove (self->tracks, oldest->key);
}

static Track *
add_track (EfSequence *self)
{
  Track *track = g_new0 (Track, 1);

  track->key = g_strdup (self->key->str);
  track->link.data = track;
  g_hash_table_insert (self->tracks, track->key, track);
  g_queue_push_head_link (&self->order, &track->link);
  if (g_hash_table_size (self->tracks) > self->max_keys)
    forget_oldest (self);
  ef_relaxed_set (&self->counts->n_keys, g_hash_table_size (self->tracks));

  return track;
}

static void
use_track (EfSequence *self, Track *track)
{
  if (self->order.head == &track->link)
    return;

  g_queue_unlink (&self->order, &track->link);
  g_queue_push_head_link (&self->order, &track->link);
}

/* Returns whether numbers are missing. */
static gboolean
compare (EfSequence *self, Track *track, gint64 number, EfSequenceHole *hole)
{
  gboolean is_first = track->connection != self->connection;

  if (number <= track->last)
    {
      /* A server that counts by connection begins with 0 or 1; any other number was sent again. */
      if (is_first && number <= 1)
        {
          ef_relaxed_add (&self->counts->n_restarts, 1);
          track->last = number;
        }
      else
        ef_relaxed_add (&self->counts->n_duplicates, 1);
      return FALSE;
    }

  *hole = (EfSequenceHole){
    .key = self->key_path != NULL ? track->key : NULL,
    .first = track->last + 1,
    .last = number - 1,
    .since = track->timestamp,
  };
  track->last = number;
  if (hole->first > hole->last)
    return FALSE;

  ef_relaxed_add (&self->counts->n_missing, (guint64) hole->last - (guint64) hole->first + 1);
  return TRUE;
}

/* Takes note of a message. Returns whether messages are missing before it. */
gboolean
ef_sequence_check (EfSequence *self,
                   const char *text,
                   gsize length,
                   gint64 timestamp,
                   EfSequenceHole *hole)
{
  gboolean has_hole = FALSE;
  gint64 number;
  Track *track;

  if (!read_message (self, text, length, &number))
    {
      ef_relaxed_add (&self->counts->n_unnumbered, 1);
      return FALSE;
    }

  track = g_hash_table_lookup (self->tracks, self->key->str);
  if (track == NULL)
    {
      track = add_track (self);
      track->last = number;
    }
  else
    {
      use_track (self, track);
      has_hole = compare (self, track, number, hole);
    }

  track->connection = self->connection;
  track->timestamp = timestamp;

  return has_hole;
}
