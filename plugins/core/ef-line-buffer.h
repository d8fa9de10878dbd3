/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/**
 * EfLineFormat:
 * @EF_LINE_FORMAT_JSON: an object with the columns
 * @EF_LINE_FORMAT_TEXT: raw messages as they are, other events as JSON
 *
 * How an event is printed on a line.
 */
typedef enum
{
  EF_LINE_FORMAT_JSON,
  EF_LINE_FORMAT_TEXT,
} EfLineFormat;

#define EF_TYPE_LINE_FORMAT (ef_line_format_get_type ())

GType ef_line_format_get_type (void) G_GNUC_CONST;

/* Events as lines of text, on their way to a file. */
typedef struct
{
  GString *text;
  GPtrArray *receipts;  /* of those batches that have one */
  GPtrArray *events;    /* of the lines, if they are kept */
  GArray *sizes;        /* gsize: of the lines of these */
} EfLineBuffer;

EfLineBuffer *ef_line_buffer_new (void);

void ef_line_buffer_free (EfLineBuffer *self);

void ef_line_buffer_add (EfLineBuffer *self, EfBatch *batch, EfLineFormat format, gboolean keep);

void ef_line_buffer_consume (EfLineBuffer *self, gsize n_bytes);

void ef_line_buffer_reject (EfLineBuffer *self, EfElement *element, const GError *error);

void ef_line_buffer_done (EfLineBuffer *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfLineBuffer, ef_line_buffer_free)

G_END_DECLS
