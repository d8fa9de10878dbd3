/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_TEXT_ENCODE (ef_text_encode_get_type ())

G_DECLARE_FINAL_TYPE (EfTextEncode, ef_text_encode, EF, TEXT_ENCODE, EfTransform)

G_END_DECLS
