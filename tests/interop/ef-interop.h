/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-test-peer.h"

G_BEGIN_DECLS

/* The implementations of tests/interop/README.md. */
typedef enum
{
  EF_INTEROP_PYTHON,
  EF_INTEROP_NODE,
} EfInteropKind;

#define EF_INTEROP_N_KINDS (EF_INTEROP_NODE + 1)

const char *ef_interop_get_name (EfInteropKind kind);

EfTestPeer *ef_interop_server (EfInteropKind kind, ...) G_GNUC_NULL_TERMINATED;

EfTestPeer *ef_interop_client (EfInteropKind kind, const char *url, ...) G_GNUC_NULL_TERMINATED;

char *ef_interop_certificate (const char *name);

void ef_interop_assert_message (EfTestPeer *peer, gboolean text, guint index, gsize size);

void ef_interop_assert_close (EfTestPeer *peer, int code, const char *reason);

G_END_DECLS
