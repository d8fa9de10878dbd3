/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is printed instead of a secret. */
#define EF_REDACTED "***"

gboolean ef_redact_is_secret_name (const char *name);

char *ef_redact_uri (const char *text);

G_END_DECLS
