/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_BYTES_ENCODE (ef_bytes_encode_get_type ())

G_DECLARE_FINAL_TYPE (EfBytesEncode, ef_bytes_encode, EF, BYTES_ENCODE, EfTransform)

G_END_DECLS
