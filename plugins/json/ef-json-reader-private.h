/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-json-reader.h"
#include "ef-json-scan.h"

G_BEGIN_DECLS

struct _EfJsonReader
{
  EfJsonPlan *plan;
  gboolean missing_is_error;
  EfEventBuilder *builder;

  /* The message at hand. */
  EfJsonScan scan;
  gint64 timestamp;
  EfValue *values; /* of the event being built, NULL between events */
  guint depth;
  guint64 record; /* numbers what values of nodes belong together */
  guint64 envelope_record;
  const char *items;    /* the array to explode, once found */
  EfEvent *event;       /* what became of the message */
  GPtrArray *more;      /* if there is more than one */
  GString *unescaped;

  /* Why the message is refused, if it is not the JSON that is wrong. */
  const char *complaint;
  gint column; /* -1 if it is about none */
  const char *value;
  const char *value_end;
};

const char *ef_json_reader_read_column (EfJsonReader *self, guint column, const char *p);

const char *ef_json_reader_read_value (EfJsonReader *self, EfJsonNode *node, const char *p);

const char *ef_json_reader_skip (EfJsonReader *self, const char *p);

G_END_DECLS
