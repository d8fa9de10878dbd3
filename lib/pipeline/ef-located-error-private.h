/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-error.h"
#include "ef-text-location.h"

G_BEGIN_DECLS

void ef_locate_error (GError *error, const char *text, const EfTextLocation *location);

void ef_set_located_error (GError **error,
                           EfError code,
                           const char *text,
                           const EfTextLocation *location,
                           const char *format,
                           ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
