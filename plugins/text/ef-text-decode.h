/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TEXT_DECODE (ef_text_decode_get_type ())

G_DECLARE_FINAL_TYPE (EfTextDecode, ef_text_decode, EF, TEXT_DECODE, EfTransform)

G_END_DECLS
