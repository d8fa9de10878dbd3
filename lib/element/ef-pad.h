/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-batch.h"
#include "ef-marker.h"

G_BEGIN_DECLS

typedef struct _EfElement EfElement;

/**
 * EfPadDirection:
 * @EF_PAD_SINK: events enter the element here
 * @EF_PAD_SRC: events leave the element here
 *
 * Which way events pass a pad, as its element sees it.
 */
typedef enum
{
  EF_PAD_SINK,
  EF_PAD_SRC,
} EfPadDirection;

/**
 * EfPadContent:
 * @EF_PAD_CONTENT_ANY: events of any schema
 * @EF_PAD_CONTENT_PAYLOAD: raw messages: one column, text or bytes
 * @EF_PAD_CONTENT_COLUMNS: events with columns of their own
 *
 * What kind of events pass a pad. Pads link if their contents are the same or one of them is
 * %EF_PAD_CONTENT_ANY.
 */
typedef enum
{
  EF_PAD_CONTENT_ANY,
  EF_PAD_CONTENT_PAYLOAD,
  EF_PAD_CONTENT_COLUMNS,
} EfPadContent;

#define EF_TYPE_PAD (ef_pad_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (EfPad, ef_pad, EF, PAD, GObject)

EF_AVAILABLE_IN_1_0
const char *ef_pad_get_name (EfPad *self);

EF_AVAILABLE_IN_1_0
EfPadDirection ef_pad_get_direction (EfPad *self);

EF_AVAILABLE_IN_1_0
EfPadContent ef_pad_get_content (EfPad *self);

EF_AVAILABLE_IN_1_0
EfElement *ef_pad_get_element (EfPad *self);

EF_AVAILABLE_IN_1_0
guint ef_pad_get_n_links (EfPad *self);

EF_AVAILABLE_IN_1_0
EfPad *ef_pad_get_peer (EfPad *self, guint link);

EF_AVAILABLE_IN_1_0
gboolean ef_pad_link (EfPad *src, EfPad *sink, GError **error);

EF_AVAILABLE_IN_1_0
void ef_pad_unlink (EfPad *src, EfPad *sink);

EF_AVAILABLE_IN_1_0
gboolean ef_pad_is_held (EfPad *self);

EF_AVAILABLE_IN_1_0
void ef_pad_push (EfPad *self, EfBatch *batch);

EF_AVAILABLE_IN_1_0
void ef_pad_push_marker (EfPad *self, EfMarker *marker);

EF_AVAILABLE_IN_1_0
guint64 ef_pad_get_n_events (EfPad *self);

EF_AVAILABLE_IN_1_0
guint64 ef_pad_get_n_dropped (EfPad *self);

G_END_DECLS
