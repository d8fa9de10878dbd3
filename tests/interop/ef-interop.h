/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-test-peer.h"

G_BEGIN_DECLS

/* The implementations of tests/interop/README.md. */
typedef enum
{
  EF_INTEROP_PYTHON,
  EF_INTEROP_NODE,
} EfInteropKind;

#define EF_INTEROP_N_KINDS (EF_INTEROP_NODE + 1)

/* The messages that an element of ours brought. */
typedef struct
{
  GPtrArray *bytes; /* (element-type GBytes) */
  GString *kinds;   /* t or b for each */
} EfInteropMessages;

void ef_interop_messages_init (EfInteropMessages *self);

void ef_interop_messages_reset (EfInteropMessages *self);

void ef_interop_messages_clear (EfInteropMessages *self);

void ef_interop_messages_add (EfInteropMessages *self,
                              GBytes *message,
                              EfWebSocketMessageType type);

void ef_interop_messages_assert (EfInteropMessages *self,
                                 gboolean text,
                                 guint n_messages,
                                 gsize size);

char *ef_interop_messages_digest (EfInteropMessages *self);

const char *ef_interop_get_name (EfInteropKind kind);

/* A test that is run with each of the implementations, whose kind is the data of its set_up(). */
typedef struct
{
  const char *name;
  GTestFixtureFunc function;
} EfInteropTest;

#define EF_INTEROP_TEST(name, function) { name, (GTestFixtureFunc) (function) }

void ef_interop_add_tests (const char *subject,
                           gsize fixture_size,
                           GTestFixtureFunc set_up,
                           GTestFixtureFunc tear_down,
                           const EfInteropTest *tests,
                           gsize n_tests);

EfTestPeer *ef_interop_server (EfInteropKind kind, ...) G_GNUC_NULL_TERMINATED;

EfTestPeer *ef_interop_client (EfInteropKind kind, const char *url, ...) G_GNUC_NULL_TERMINATED;

char *ef_interop_certificate (const char *name);

void ef_interop_assert_message (EfTestPeer *peer, gboolean text, guint index, gsize size);

void ef_interop_assert_close (EfTestPeer *peer, int code, const char *reason);

G_END_DECLS
