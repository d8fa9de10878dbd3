/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_BYTES_DECODE (ef_bytes_decode_get_type ())
#define EF_TYPE_BYTES_ENCODE (ef_bytes_encode_get_type ())

GType ef_bytes_decode_get_type (void);

GType ef_bytes_encode_get_type (void);

G_END_DECLS
