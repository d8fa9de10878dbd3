/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "launch-stats.h"

#include "tool-output.h"

#include <string.h>

/* What was read of an element the last time, for the rates. */
typedef struct
{
  EfElement *element;
  guint64 n_in;
  guint64 n_out;
} Row;

struct _LaunchStats
{
  EfPipeline *pipeline;
  GArray *rows; /* of Row */
  int name_width;
  double seconds;
  guint timer;
  gint64 begin;
  gint64 last;
};

static void
row_clear (gpointer data)
{
  g_object_unref (((Row *) data)->element);
}

/* Makes what prints the figures of @pipeline every @seconds. */
LaunchStats *
launch_stats_new (EfPipeline *pipeline, double seconds)
{
  LaunchStats *self = g_new0 (LaunchStats, 1);
  g_autoptr (GPtrArray) elements = ef_pipeline_get_elements (pipeline);

  self->pipeline = g_object_ref (pipeline);
  self->seconds = seconds;
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, row_clear);

  for (guint i = 0; i < elements->len; i++)
    {
      Row row = { .element = g_object_ref (g_ptr_array_index (elements, i)) };
      int width = (int) g_utf8_strlen (ef_element_get_name (row.element), -1);

      self->name_width = MAX (self->name_width, width);
      g_array_append_val (self->rows, row);
    }

  return self;
}

void
launch_stats_free (LaunchStats *self)
{
  if (self->timer != 0)
    g_source_remove (self->timer);
  g_array_unref (self->rows);
  g_object_unref (self->pipeline);
  g_free (self);
}

static guint64
take_count (GVariantDict *stats, const char *key)
{
  guint64 count = 0;

  g_variant_dict_lookup (stats, key, "t", &count);
  g_variant_dict_remove (stats, key);

  return count;
}

static void
append_count (GString *line, const char *word, guint64 count, guint64 before, double seconds)
{
  g_string_append_printf (line, "  %s %" G_GUINT64_FORMAT " (%.0f/s)", word, count,
                          seconds > 0 ? (double) (count - before) / seconds : 0.0);
}

/* What went wrong, as soon as it did; at the end it stands among the others. */
static void
append_if_any (GString *line, GVariantDict *stats, const char *key, gboolean whole)
{
  guint64 count = 0;

  if (!whole && g_variant_dict_lookup (stats, key, "t", &count) && count > 0)
    g_string_append_printf (line, "  %s %" G_GUINT64_FORMAT, key, count);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* What only this kind of element tells. */
static void
append_others (GString *line, GVariantDict *stats)
{
  g_autoptr (GVariant) others = g_variant_ref_sink (g_variant_dict_end (stats));
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, others);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autofree char *text = g_variant_print (value, FALSE);

      /* What did not go wrong need not be told, of each element. */
      if (!g_str_has_prefix (key, "errors-") || !g_str_equal (text, "0"))
        g_ptr_array_add (words, g_strdup_printf ("  %s %s", key, text));
      g_variant_unref (value);
    }

  g_ptr_array_sort (words, compare_words);
  for (guint i = 0; i < words->len; i++)
    g_string_append (line, g_ptr_array_index (words, i));
}

static void
print_row (LaunchStats *self, Row *row, double seconds, gboolean whole)
{
  g_autoptr (GVariant) variant = ef_element_get_stats (row->element);
  g_autoptr (GString) line = g_string_new (NULL);
  const char *name = ef_element_get_name (row->element);
  GVariantDict stats;
  guint64 n_in, n_out, n_rejected, n_dropped;
  gboolean held = FALSE;

  g_variant_dict_init (&stats, variant);
  n_in = take_count (&stats, "events-in");
  n_out = take_count (&stats, "events-out");
  n_rejected = take_count (&stats, "rejected");
  n_dropped = take_count (&stats, "dropped");
  g_variant_dict_lookup (&stats, "held", "b", &held);
  g_variant_dict_remove (&stats, "held");

  g_string_append_printf (line, "%s%*s", name, self->name_width - (int) g_utf8_strlen (name, -1),
                          "");
  if (ef_element_get_sink_pad (row->element) != NULL)
    append_count (line, "in", n_in, whole ? 0 : row->n_in, seconds);
  if (ef_element_get_src_pad (row->element) != NULL)
    append_count (line, "out", n_out, whole ? 0 : row->n_out, seconds);
  if (whole || n_rejected > 0)
    g_string_append_printf (line, "  rejected %" G_GUINT64_FORMAT, n_rejected);
  if (whole || n_dropped > 0)
    g_string_append_printf (line, "  dropped %" G_GUINT64_FORMAT, n_dropped);
  append_if_any (line, &stats, "gaps", whole);
  append_if_any (line, &stats, "missing", whole);
  if (held)
    g_string_append (line, "  held");

  if (whole)
    append_others (line, &stats);
  else
    g_variant_dict_clear (&stats);

  row->n_in = n_in;
  row->n_out = n_out;
  tool_print_note ("%s", line->str);
}

static void
print_rows (LaunchStats *self, gint64 since, gboolean whole)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->rows->len; i++)
    print_row (self, &g_array_index (self->rows, Row, i), (double) (now - since) / G_USEC_PER_SEC,
               whole);
  self->last = now;
}

static gboolean
on_timer (gpointer user_data)
{
  LaunchStats *self = user_data;

  print_rows (self, self->last, FALSE);

  return G_SOURCE_CONTINUE;
}

/* Begins to count and to print. */
void
launch_stats_begin (LaunchStats *self)
{
  self->begin = self->last = g_get_monotonic_time ();
  self->timer = g_timeout_add ((guint) (self->seconds * 1000), on_timer, self);
  g_source_set_name_by_id (self->timer, "[eventflux-launch] figures");
}

/* Prints the sum. */
void
launch_stats_end (LaunchStats *self)
{
  gint64 begin = self->begin != 0 ? self->begin : g_get_monotonic_time ();

  g_clear_handle_id (&self->timer, g_source_remove);
  tool_print_note ("%sfigures of %.1f s:%s", tool_style (stderr, TOOL_HEADING),
                   (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC,
                   tool_style (stderr, TOOL_PLAIN));
  print_rows (self, begin, TRUE);
}
