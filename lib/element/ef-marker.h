/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib-object.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfMarkerKind:
 * @EF_MARKER_EOS: nothing comes after this
 * @EF_MARKER_GAP: a source lost its connection between here and here, events may be missing
 *
 * What a marker says.
 */
typedef enum
{
  EF_MARKER_EOS,
  EF_MARKER_GAP,
} EfMarkerKind;

#define EF_TYPE_MARKER (ef_marker_get_type ())

/**
 * EfMarker:
 *
 * A word about the flow of events, which travels among the batches, in order. It never changes and
 * may be shared between threads.
 */
typedef struct _EfMarker EfMarker;

EF_AVAILABLE_IN_1_0
GType ef_marker_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfMarker *ef_marker_new_eos (void);

EF_AVAILABLE_IN_1_0
EfMarker *ef_marker_new_gap (gint64 from, gint64 to, const char *cause);

EF_AVAILABLE_IN_1_0
EfMarker *ef_marker_ref (EfMarker *self);

EF_AVAILABLE_IN_1_0
void ef_marker_unref (EfMarker *self);

EF_AVAILABLE_IN_1_0
EfMarkerKind ef_marker_get_kind (EfMarker *self);

EF_AVAILABLE_IN_1_0
gint64 ef_marker_get_from (EfMarker *self);

EF_AVAILABLE_IN_1_0
gint64 ef_marker_get_to (EfMarker *self);

EF_AVAILABLE_IN_1_0
const char *ef_marker_get_cause (EfMarker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfMarker, ef_marker_unref)

G_END_DECLS
