/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* The plainest element of each base class. The sources push when told, the transform passes on, the sinks
 * count. */
#define EF_TYPE_TEST_PAYLOAD_SOURCE (ef_test_payload_source_get_type ())
G_DECLARE_FINAL_TYPE (EfTestPayloadSource, ef_test_payload_source, EF, TEST_PAYLOAD_SOURCE, EfSource)

#define EF_TYPE_TEST_RELAY (ef_test_relay_get_type ())
G_DECLARE_FINAL_TYPE (EfTestRelay, ef_test_relay, EF, TEST_RELAY, EfTransform)

#define EF_TYPE_TEST_PAYLOAD_SINK (ef_test_payload_sink_get_type ())
G_DECLARE_FINAL_TYPE (EfTestPayloadSink, ef_test_payload_sink, EF, TEST_PAYLOAD_SINK, EfSink)

#define EF_TYPE_TEST_COLUMNS_SINK (ef_test_columns_sink_get_type ())
G_DECLARE_FINAL_TYPE (EfTestColumnsSink, ef_test_columns_sink, EF, TEST_COLUMNS_SINK, EfSink)

/* What a transform makes of each batch. */
typedef enum
{
  EF_TEST_RELAY_SAME,
  EF_TEST_RELAY_COPY,
  EF_TEST_RELAY_EMPTY,
  EF_TEST_RELAY_NOTHING,
} EfTestRelayMode;

EfElement *ef_test_payload_source_new (const char *name);

EfElement *ef_test_relay_new (const char *name, EfTestRelayMode mode);

EfElement *ef_test_payload_sink_new (const char *name);

EfElement *ef_test_columns_sink_new (const char *name);

/* The events that the sink got, as JSON objects with a blank between. */
const char *ef_test_columns_sink_get_text (EfElement *sink);

G_END_DECLS
