/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* Makes events of the lines in what is read. Their payloads are slices of the buffer that it was
 * read into. */
typedef struct _EfLineSplitter EfLineSplitter;

EfLineSplitter *ef_line_splitter_new (void);

void ef_line_splitter_free (EfLineSplitter *self);

char *ef_line_splitter_reserve (EfLineSplitter *self, gsize *room);

void ef_line_splitter_add (EfLineSplitter *self, gsize n_bytes);

EfBatch *ef_line_splitter_split (EfLineSplitter *self,
                                 gint64 timestamp,
                                 gboolean at_end,
                                 gsize max_line_bytes);

guint64 ef_line_splitter_get_overlong_line (EfLineSplitter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfLineSplitter, ef_line_splitter_free)

G_END_DECLS
