/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-event-private.h"
#include "ef-web-socket-message-type.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sink asks of each message before it goes out. */

gboolean ef_payload_check_text (EfWebSocketMessageType type,
                                gconstpointer data,
                                gsize size,
                                GError **error);

gboolean ef_payload_check_event (EfEvent *event,
                                 EfWebSocketMessageType type,
                                 const EfValue **payload,
                                 GError **error);

/* JSON is a text, too. */
static inline gboolean
ef_payload_is_type (guint32 type)
{
  return type == EF_COLUMN_STRING || type == EF_COLUMN_BYTES || type == EF_COLUMN_JSON;
}

/* How many bytes a raw message has; 0 for what is none. */
static inline gsize
ef_payload_get_size (EfEvent *event)
{
  const EfValue *value = event->values;

  return event->n_values == 1 && ef_payload_is_type (value->type) ? value->length : 0;
}

G_END_DECLS
