/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-json-reader.h"

G_BEGIN_DECLS

/* How messages are decoded in a test: what the properties of jsondecode say. */
typedef struct
{
  const char *schema;
  const char *mapping; /* “column=path column=path” */
  const char *explode;
  gboolean missing_is_error;
} JsonDecoding;

EfJsonReader *json_decoding_new_reader (const JsonDecoding *self, GError **error);

EfBatch *json_decoding_read (EfJsonReader *reader,
                             const char *text,
                             gsize length,
                             GError **error);

void json_decoding_assert (const JsonDecoding *self,
                           const char *text,
                           const char *const *events);

void json_decoding_assert_error (const JsonDecoding *self, const char *text, const char *message);

char *json_decoding_load (const char *file);

G_END_DECLS
