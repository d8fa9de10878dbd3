/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-dead-letter.h"
#include "ef-event-builder.h"

G_BEGIN_DECLS

EfEvent *ef_dead_letter_build (EfEventBuilder *builder,
                               EfEvent *event,
                               const GError *error,
                               const char *stream,
                               guint n_attempts,
                               gint64 now);

const char *ef_dead_letter_peek_original (EfEvent *letter, gsize *length);

char *ef_dead_letter_dup_message (EfEvent *letter);

G_END_DECLS
