/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-trace.h"
#include "fuzz.h"

/* The first byte chooses role, limit and reserved bits, the second how the rest is cut. However the
 * bytes come in, the reader must tell the same. */

enum
{
  FLAG_SERVER = 1 << 0,
  FLAG_RSV1 = 1 << 1,
  FLAG_LIMIT = 1 << 2,
};

static char *
trace_split (guint8 flags, const guint8 *data, gsize size, EfFrameSplit split, gpointer user_data)
{
  EfFrameRole role = flags & FLAG_SERVER ? EF_FRAME_ROLE_SERVER : EF_FRAME_ROLE_CLIENT;
  g_autoptr (EfFrameReader) reader = ef_frame_reader_new (role, flags & FLAG_LIMIT ? 300 : 0);

  if (flags & FLAG_RSV1)
    ef_frame_reader_set_allowed_rsv (reader, EF_FRAME_RSV1);

  return ef_frame_trace (reader, data, size, split, user_data);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size < 2)
    return 0;

  gsize one = 1;
  gsize step = data[1];
  guint32 seed = data[1];
  g_autofree char *whole = trace_split (data[0], data + 2, size - 2, NULL, NULL);
  g_autofree char *bytes = trace_split (data[0], data + 2, size - 2, ef_frame_split_fixed, &one);
  g_autofree char *steps = trace_split (data[0], data + 2, size - 2, ef_frame_split_fixed, &step);
  g_autofree char *random = trace_split (data[0], data + 2, size - 2, ef_frame_split_random, &seed);

  g_assert_cmpstr (bytes, ==, whole);
  g_assert_cmpstr (steps, ==, whole);
  g_assert_cmpstr (random, ==, whole);
  return 0;
}
