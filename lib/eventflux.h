/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

/* The one header that programs and plugins include. */

#include <glib-object.h>
#include <gio/gio.h>

#define EF_INSIDE_EVENTFLUX_H

/* base */
#include "ef-version.h"
#include "ef-enum-types.h"
#include "ef-clock.h"
#include "ef-duration.h"
#include "ef-error.h"
#include "ef-json-path.h"
#include "ef-json-text.h"
#include "ef-suggest.h"
#include "ef-text-location.h"
#include "ef-utf8.h"

/* event */
#include "ef-schema.h"
#include "ef-event.h"
#include "ef-event-builder.h"
#include "ef-receipt.h"
#include "ef-batch.h"

/* errors */
#include "ef-dead-letter.h"
#include "ef-error-policy.h"

/* element */
#include "ef-state.h"
#include "ef-marker.h"
#include "ef-message.h"
#include "ef-bus.h"
#include "ef-pad.h"
#include "ef-element.h"
#include "ef-overflow-policy.h"
#include "ef-config.h"
#include "ef-source.h"
#include "ef-transform.h"
#include "ef-sink.h"
#include "ef-app-source.h"
#include "ef-app-sink.h"
#include "ef-thread-boundary.h"
#include "ef-validatable.h"

/* registry */
#include "ef-element-factory.h"
#include "ef-plugin.h"
#include "ef-context.h"

/* websocket */
#include "ef-web-socket-error.h"
#include "ef-web-socket-message-type.h"
#include "ef-web-socket-server-sink.h"
#include "ef-web-socket-server-source.h"
#include "ef-web-socket-sink.h"
#include "ef-web-socket-source.h"

/* pipeline */
#include "ef-pipeline-spec.h"
#include "ef-pipeline.h"

/* launch */
#include "ef-launch.h"

/* sql */
#include "ef-pipeline-sql.h"
#include "ef-query.h"
#include "ef-sql-token.h"

#undef EF_INSIDE_EVENTFLUX_H
