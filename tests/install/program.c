/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that has nothing but what the library installs. */

#include <eventflux.h>

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EfSchema) schema = ef_schema_parse ("s STRING, p DOUBLE", &error);

  g_assert_no_error (error);
  g_print ("%u.%u.%u %u\n", ef_get_major_version (), ef_get_minor_version (),
           ef_get_micro_version (), ef_schema_get_n_columns (schema));

  return 0;
}
