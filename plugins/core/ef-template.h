/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* A text with places to fill in, parsed once:
 *
 *   {{sequence}}         the event's number
 *   {{timestamp}}        its time in microseconds since the epoch
 *   {{milliseconds}}     the same in milliseconds
 *   {{random:LOW:HIGH}}  an integer, both ends included
 *   {{pick:A|B|C}}       one of the texts */
typedef struct _EfTemplate EfTemplate;

EfTemplate *ef_template_new (const char *text, GError **error);

void ef_template_free (EfTemplate *self);

void ef_template_expand (EfTemplate *self,
                         gint64 sequence,
                         gint64 timestamp,
                         GRand *random,
                         GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfTemplate, ef_template_free)

G_END_DECLS
