/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-publisher-private.h"
#include "ef-web-socket-endpoint-private.h"
#include "ef-web-socket-sink.h"
#include "ef-web-socket-source.h"

G_BEGIN_DECLS

struct _EfWebSocketSink
{
  EfSink parent_instance;

  EfWebSocketEndpoint endpoint;
  EfPublisher publisher;
  gboolean accepting; /* messages, since it is open or opens */
  gboolean draining;  /* the end of the stream has come */
  GError *end;        /* why there will be no connection any more; NULL if there may */

  /* A stop that waits for what has not left, and what it goes on with. */
  GSource *drain_timeout;
  GAsyncReadyCallback closed;
  gpointer closed_data;
};

G_END_DECLS
