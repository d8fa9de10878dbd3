/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-boxed-private.h"
#include "ef-marker.h"

struct _EfMarker
{
  gatomicrefcount ref_count;
  EfMarkerKind kind;
  gint64 from;
  gint64 to;
  char *cause;
};

EF_DEFINE_BOXED_TYPE (EfMarker, ef_marker, ef_marker_ref, ef_marker_unref)

static EfMarker *
marker_new (EfMarkerKind kind)
{
  EfMarker *self = g_new0 (EfMarker, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;

  return self;
}

/**
 * ef_marker_new_eos:
 *
 * Makes the marker that is the last thing to pass a pad.
 *
 * Returns: (transfer full): a new marker
 */
EfMarker *
ef_marker_new_eos (void)
{
  return marker_new (EF_MARKER_EOS);
}

/**
 * ef_marker_new_gap:
 * @from: when the gap began, in microseconds since the epoch
 * @to: when events came again, in microseconds since the epoch
 * @cause: (nullable): why, in words for a person
 *
 * Makes the marker that tells that events may be missing here.
 *
 * Returns: (transfer full): a new marker
 */
EfMarker *
ef_marker_new_gap (gint64 from, gint64 to, const char *cause)
{
  EfMarker *self;

  g_return_val_if_fail (from <= to, NULL);

  self = marker_new (EF_MARKER_GAP);
  self->from = from;
  self->to = to;
  self->cause = g_strdup (cause);

  return self;
}

/**
 * ef_marker_ref:
 * @self: a marker
 *
 * Takes a reference. May be called from any thread.
 *
 * Returns: (transfer full): @self
 */
EfMarker *
ef_marker_ref (EfMarker *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * ef_marker_unref:
 * @self: (transfer full): a marker
 *
 * Lets go of a reference. May be called from any thread.
 */
void
ef_marker_unref (EfMarker *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->cause);
  g_free (self);
}

/**
 * ef_marker_get_kind:
 * @self: a marker
 *
 * What the marker says.
 *
 * Returns: its kind
 */
EfMarkerKind
ef_marker_get_kind (EfMarker *self)
{
  g_return_val_if_fail (self != NULL, EF_MARKER_EOS);

  return self->kind;
}

/**
 * ef_marker_get_from:
 * @self: a marker
 *
 * When a gap began.
 *
 * Returns: microseconds since the epoch, 0 if the marker is no gap
 */
gint64
ef_marker_get_from (EfMarker *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->from;
}

/**
 * ef_marker_get_to:
 * @self: a marker
 *
 * When a gap ended.
 *
 * Returns: microseconds since the epoch, 0 if the marker is no gap
 */
gint64
ef_marker_get_to (EfMarker *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->to;
}

/**
 * ef_marker_get_cause:
 * @self: a marker
 *
 * Why there is a gap.
 *
 * Returns: (nullable): words for a person, or %NULL if nothing is known
 */
const char *
ef_marker_get_cause (EfMarker *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->cause;
}
