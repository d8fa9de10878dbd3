/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-gaps-private.h"
#include "ef-option-field-private.h"
#include "ef-relaxed-private.h"

#define DEFAULT_SEQUENCE_MAX_KEYS 10000

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

void
ef_gaps_install (GObjectClass *klass, guint first_id)
{
  g_object_class_install_property (
    klass, first_id + EF_GAPS_SEQUENCE_PATH,
    g_param_spec_string ("sequence-path", NULL,
                         "Where in a JSON message the number is by which missing ones are known, "
                         "such as $.seq.",
                         NULL, SETTABLE));
  g_object_class_install_property (
    klass, first_id + EF_GAPS_SEQUENCE_KEY_PATH,
    g_param_spec_string ("sequence-key-path", NULL,
                         "Where in a JSON message it says whose number that is, if there are "
                         "several counts.",
                         NULL, SETTABLE));
  g_object_class_install_property (
    klass, first_id + EF_GAPS_SEQUENCE_MAX_KEYS,
    g_param_spec_uint ("sequence-max-keys", NULL,
                       "Of how many keys the last number is remembered.", 1, G_MAXINT32,
                       DEFAULT_SEQUENCE_MAX_KEYS, SETTABLE));
}

void
ef_gaps_init (EfGaps *self, EfElement *element)
{
  self->element = element;
  self->sequence_max_keys = DEFAULT_SEQUENCE_MAX_KEYS;
}

void
ef_gaps_clear (EfGaps *self)
{
  ef_gaps_unprepare (self);
  g_free (self->sequence_path);
  g_free (self->sequence_key_path);
  g_free (self->cause);
}

static gpointer
get_field (EfGaps *self, EfGapsProperty property)
{
  switch (property)
    {
    case EF_GAPS_SEQUENCE_PATH:
      return &self->sequence_path;
    case EF_GAPS_SEQUENCE_KEY_PATH:
      return &self->sequence_key_path;
    case EF_GAPS_SEQUENCE_MAX_KEYS:
      return &self->sequence_max_keys;
    default:
      g_return_val_if_reached (NULL);
    }
}

void
ef_gaps_get_property (EfGaps *self, EfGapsProperty property, GValue *value)
{
  ef_option_field_get (get_field (self, property), value);
}

/* Returns whether that is a change. */
gboolean
ef_gaps_set_property (EfGaps *self, EfGapsProperty property, const GValue *value)
{
  return ef_option_field_set (get_field (self, property), value);
}

gboolean
ef_gaps_prepare (EfGaps *self, GError **error)
{
  if (self->sequence_path == NULL)
    return TRUE;

  self->sequence = ef_sequence_new (self->sequence_path, self->sequence_key_path,
                                    self->sequence_max_keys, &self->counts, error);
  if (self->sequence == NULL)
    g_prefix_error (error, "%s: ", ef_element_get_name (self->element));

  return self->sequence != NULL;
}

void
ef_gaps_unprepare (EfGaps *self)
{
  g_clear_pointer (&self->marker, ef_marker_unref);
  g_clear_pointer (&self->sequence, ef_sequence_free);
}

/* A start: what was before it is another stream. */
void
ef_gaps_open (EfGaps *self)
{
  g_clear_pointer (&self->marker, ef_marker_unref);
  self->lost_at = 0;
  self->last_message = 0;
}

static gint64
get_now (EfGaps *self)
{
  return ef_clock_get_real_time (ef_element_get_clock (self->element));
}

/* Holes */

static void
post_hole (EfGaps *self, const EfSequenceHole *hole, gint64 to, guint64 n_missing)
{
  ef_element_post_details (
    self->element, "gap",
    g_variant_new_parsed ("{'from': <%x>, 'to': <%x>, 'cause': <'sequence'>, "
                          "'last-message': <%x>, 'key': <%s>, 'first': <%x>, 'last': <%x>, "
                          "'missing': <%t>, 'holes': <%t>}",
                          hole->since, to, hole->since, hole->key != NULL ? hole->key : "",
                          hole->first, hole->last, n_missing + self->n_untold_missing,
                          1 + self->n_untold_holes));
  self->n_untold_holes = 0;
  self->n_untold_missing = 0;
}

static void
tell_hole (EfGaps *self, const EfSequenceHole *hole, gint64 to)
{
  guint64 n_missing = (guint64) hole->last - (guint64) hole->first + 1;
  gint64 now = ef_clock_get_time (ef_element_get_clock (self->element));

  ef_relaxed_add (&self->n_holes, 1);
  if (now - self->second >= G_USEC_PER_SEC)
    {
      self->second = now;
      self->n_told = 0;
    }

  if (self->n_told < EF_GAPS_HOLES_PER_SECOND)
    {
      self->n_told++;
      post_hole (self, hole, to, n_missing);
    }
  else
    {
      self->n_untold_holes++;
      self->n_untold_missing += n_missing;
    }
}

/* What was kept from the bus is told before it is too late. */
static void
tell_rest (EfGaps *self)
{
  gint64 now = get_now (self);

  if (self->n_untold_holes == 0)
    return;

  ef_element_post_details (self->element, "gap",
                           g_variant_new_parsed ("{'from': <%x>, 'to': <%x>, 'cause': <'sequence'>, "
                                                 "'last-message': <%x>, 'missing': <%t>, "
                                                 "'holes': <%t>}",
                                                 self->last_message, now, self->last_message,
                                                 self->n_untold_missing, self->n_untold_holes));
  self->n_untold_holes = 0;
  self->n_untold_missing = 0;
}

static EfMarker *
make_hole_marker (const EfSequenceHole *hole, gint64 to)
{
  guint64 n_missing = (guint64) hole->last - (guint64) hole->first + 1;
  g_autofree char *cause = NULL;

  cause = g_strdup_printf ("%" G_GUINT64_FORMAT " missing: number %" G_GINT64_FORMAT
                           " to %" G_GINT64_FORMAT "%s%s",
                           n_missing, hole->first, hole->last, hole->key != NULL ? " of " : "",
                           hole->key != NULL ? hole->key : "");

  /* The clock may have been set back. */
  return ef_marker_new_gap (MIN (hole->since, to), to, cause);
}

static void
push_events (EfGaps *self, EfEvent *const *events, guint from, guint to)
{
  g_autoptr (EfBatch) batch = NULL;

  if (from == to)
    return;

  batch = ef_batch_new ();
  for (guint i = from; i < to; i++)
    ef_batch_append (batch, ef_event_ref (events[i]));
  ef_element_push (self->element, batch);
}

/* Looks at the numbers, and pushes a marker where some are missing. */
static void
push_checked (EfGaps *self, EfBatch *batch)
{
  g_autoptr (EfElement) element = g_object_ref (self->element);
  guint n_pushed = 0;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events && self->sequence != NULL; i++)
    {
      gsize length;
      const char *text = ef_event_peek_data (events[i], 0, &length);
      gint64 timestamp = ef_event_get_timestamp (events[i]);
      g_autoptr (EfMarker) marker = NULL;
      EfSequenceHole hole;

      if (!ef_sequence_check (self->sequence, text, length, timestamp, &hole))
        continue;

      marker = make_hole_marker (&hole, timestamp);
      tell_hole (self, &hole, timestamp);
      push_events (self, events, n_pushed, i);
      n_pushed = i;
      ef_element_push_marker (element, marker);
    }

  if (n_pushed == 0)
    ef_element_push (element, batch);
  else
    push_events (self, events, n_pushed, n_events);
}

/* Pushes what has come. */
void
ef_gaps_push (EfGaps *self, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  self->last_message = ef_event_get_timestamp (events[n_events - 1]);
  if (G_UNLIKELY (self->sequence != NULL))
    push_checked (self, batch);
  else
    ef_element_push (self->element, batch);
}

/* Lost connections */

void
ef_gaps_lose (EfGaps *self, guint code, const char *reason)
{
  tell_rest (self);
  self->lost_at = get_now (self);
  g_free (self->cause);
  self->cause = *reason != '\0' ? g_strdup_printf ("closed with code %u: %s", code, reason)
                                : g_strdup_printf ("closed with code %u", code);
}

/* There is a connection again. */
void
ef_gaps_end (EfGaps *self)
{
  gint64 now = get_now (self);
  gint64 from = MIN (self->lost_at, now);

  if (self->sequence != NULL)
    ef_sequence_begin_connection (self->sequence);
  if (self->lost_at == 0)
    return;

  ef_relaxed_add (&self->n_gaps, 1);
  ef_element_post_details (self->element, "gap",
                           g_variant_new_parsed ("{'from': <%x>, 'to': <%x>, 'cause': <%s>, "
                                                 "'last-message': <%x>}",
                                                 from, now, self->cause, self->last_message));

  /* Two losses in a pause are one gap. */
  if (self->marker != NULL)
    from = MIN (from, ef_marker_get_from (self->marker));
  g_clear_pointer (&self->marker, ef_marker_unref);
  self->marker = ef_marker_new_gap (from, now, self->cause);
  self->lost_at = 0;
}

/* The marker that is to be pushed, if there is one. */
EfMarker *
ef_gaps_take_marker (EfGaps *self)
{
  return g_steal_pointer (&self->marker);
}

/* May be called from any thread. */
void
ef_gaps_add_stats (EfGaps *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "gaps", "t", ef_relaxed_get (&self->n_gaps));
  if (self->sequence_path == NULL)
    return;

  g_variant_dict_insert (stats, "holes", "t", ef_relaxed_get (&self->n_holes));
  g_variant_dict_insert (stats, "missing", "t", ef_relaxed_get (&self->counts.n_missing));
  g_variant_dict_insert (stats, "duplicates", "t", ef_relaxed_get (&self->counts.n_duplicates));
  g_variant_dict_insert (stats, "sequence-restarts", "t",
                         ef_relaxed_get (&self->counts.n_restarts));
  g_variant_dict_insert (stats, "unnumbered", "t", ef_relaxed_get (&self->counts.n_unnumbered));
  g_variant_dict_insert (stats, "sequence-keys", "t", ef_relaxed_get (&self->counts.n_keys));
}
