/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* Makes events with one column of raw messages. */
typedef struct _EfColumnDecoder EfColumnDecoder;

EfColumnDecoder *ef_column_decoder_new (const char *column, EfColumnType type, GError **error);

void ef_column_decoder_free (EfColumnDecoder *self);

EfBatch *ef_column_decoder_run (EfColumnDecoder *self, EfElement *element, EfBatch *batch);

G_END_DECLS
