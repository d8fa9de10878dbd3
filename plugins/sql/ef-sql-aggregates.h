/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>
#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

void ef_sql_aggregates_add (sqlite3 *db);

void ef_sql_aggregates_append_key (GByteArray *key, sqlite3_value *value);

G_END_DECLS
