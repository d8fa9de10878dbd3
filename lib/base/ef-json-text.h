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
 * EF_JSON_NUMBER_MAX: (skip)
 *
 * How much room, in bytes, a writer of numbers asks for.
 */
#define EF_JSON_NUMBER_MAX 40

/**
 * EF_JSON_STRING_MAX: (skip)
 * @length: the length of the text in bytes
 *
 * How much room, in bytes, [func@EventFlux.json_write_string] asks for if each of the bytes must be
 * escaped. [func@EventFlux.json_string_room] tells what a given text needs.
 */
#define EF_JSON_STRING_MAX(length) ((gsize) (length) * 6 + 18)

/**
 * EF_JSON_BASE64_MAX: (skip)
 * @length: the length of the data in bytes
 *
 * How much room, in bytes, [func@EventFlux.json_write_base64] asks for.
 */
#define EF_JSON_BASE64_MAX(length) ((gsize) (length) / 3 * 4 + 6)

EF_AVAILABLE_IN_1_0
char *ef_json_write_int64 (char *out, gint64 value);

EF_AVAILABLE_IN_1_0
char *ef_json_write_double (char *out, double value);

EF_AVAILABLE_IN_1_0
char *ef_json_write_float (char *out, float value);

EF_AVAILABLE_IN_1_0
double ef_json_make_double (guint64 digits, gint64 exponent);

EF_AVAILABLE_IN_1_0
float ef_json_make_float (guint64 digits, gint64 exponent);

EF_AVAILABLE_IN_1_0
gsize ef_json_string_room (const char *text, gsize length);

EF_AVAILABLE_IN_1_0
char *ef_json_write_string (char *out, const char *text, gsize length);

EF_AVAILABLE_IN_1_0
char *ef_json_write_base64 (char *out, gconstpointer data, gsize length);

G_END_DECLS
