/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ef_quote_append_word (GString *string, const char *word);

void ef_quote_append_key (GString *string, const char *key);

void ef_quote_append_value (GString *string, const char *value);

G_END_DECLS
