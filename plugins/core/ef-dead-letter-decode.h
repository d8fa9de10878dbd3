/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_DEAD_LETTER_DECODE (ef_dead_letter_decode_get_type ())

G_DECLARE_FINAL_TYPE (EfDeadLetterDecode,
                      ef_dead_letter_decode,
                      EF,
                      DEAD_LETTER_DECODE,
                      EfTransform)

G_END_DECLS
