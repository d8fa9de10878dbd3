/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfTextLocation:
 * @line: the line, counted from 1
 * @column: the column in characters, counted from 1
 * @offset: the byte offset from the start of the text
 *
 * A place in a text that a person wrote.
 */
typedef struct
{
  guint line;
  guint column;
  gsize offset;
} EfTextLocation;

EF_AVAILABLE_IN_1_0
void ef_text_location_init (EfTextLocation *location, const char *text, gsize offset);

EF_AVAILABLE_IN_1_0
char *ef_text_location_format (const EfTextLocation *location,
                               const char *text,
                               const char *message);

G_END_DECLS
