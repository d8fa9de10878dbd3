/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_BYTES_DECODE (ef_bytes_decode_get_type ())

G_DECLARE_FINAL_TYPE (EfBytesDecode, ef_bytes_decode, EF, BYTES_DECODE, EfTransform)

G_END_DECLS
