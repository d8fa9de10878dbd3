/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-json-plan.h"

G_BEGIN_DECLS

/* Reads messages into events as a plan says, straight from the bytes, with no tree in between. A
 * reader may be used from one thread at a time. */
typedef struct _EfJsonReader EfJsonReader;

EfJsonReader *ef_json_reader_new (EfJsonPlan *plan, gboolean missing_is_error);

void ef_json_reader_free (EfJsonReader *self);

gboolean ef_json_reader_read (EfJsonReader *self,
                              const char *text,
                              gsize length,
                              gint64 timestamp,
                              EfBatch *batch,
                              GError **error);

EfEventBuilder *ef_json_reader_get_builder (EfJsonReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfJsonReader, ef_json_reader_free)

G_END_DECLS
