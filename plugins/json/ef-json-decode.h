/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* What becomes of a column whose key a message does not have. */
typedef enum
{
  EF_JSON_MISSING_NULL,
  EF_JSON_MISSING_ERROR,
} EfJsonMissing;

#define EF_TYPE_JSON_MISSING (ef_json_missing_get_type ())

GType ef_json_missing_get_type (void);

#define EF_TYPE_JSON_DECODE (ef_json_decode_get_type ())

G_DECLARE_FINAL_TYPE (EfJsonDecode, ef_json_decode, EF, JSON_DECODE, EfTransform)

G_END_DECLS
