/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/**
 * EfDeadLetterBinary:
 * @EF_DEAD_LETTER_BINARY_AUTO: what reads as base64 of bytes that are no UTF-8 was binary
 * @EF_DEAD_LETTER_BINARY_NEVER: all are texts as they are
 * @EF_DEAD_LETTER_BINARY_ALWAYS: all are base64
 *
 * Which dead letters tell of binary messages.
 */
typedef enum
{
  EF_DEAD_LETTER_BINARY_AUTO,
  EF_DEAD_LETTER_BINARY_NEVER,
  EF_DEAD_LETTER_BINARY_ALWAYS,
} EfDeadLetterBinary;

#define EF_TYPE_DEAD_LETTER_BINARY (ef_dead_letter_binary_get_type ())

GType ef_dead_letter_binary_get_type (void) G_GNUC_CONST;

#define EF_TYPE_DEAD_LETTER_DECODE (ef_dead_letter_decode_get_type ())

G_DECLARE_FINAL_TYPE (EfDeadLetterDecode,
                      ef_dead_letter_decode,
                      EF,
                      DEAD_LETTER_DECODE,
                      EfTransform)

G_END_DECLS
