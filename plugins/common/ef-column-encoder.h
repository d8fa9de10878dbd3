/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* Makes raw messages of one column of events. */
typedef struct _EfColumnEncoder EfColumnEncoder;

EfColumnEncoder *ef_column_encoder_new (const char *column, EfColumnType type);

void ef_column_encoder_free (EfColumnEncoder *self);

EfBatch *ef_column_encoder_run (EfColumnEncoder *self, EfElement *element, EfBatch *batch);

G_END_DECLS
