/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A case of a table: a description, and what is expected of it. */
typedef struct
{
  char *description;
  char *expected;
} EfTestCase;

GArray *ef_test_load_cases (const char *name);

G_END_DECLS
