/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

gboolean ef_config_value_is_table (GParamSpec *pspec);

gboolean ef_config_value_is_element (GParamSpec *pspec);

gboolean ef_config_value_is_textual (GParamSpec *pspec);

gboolean ef_config_value_parse (GValue *value,
                                GParamSpec *pspec,
                                const char *text,
                                const char *shown,
                                GError **error);

char *ef_config_value_print (const GValue *value);

G_END_DECLS
