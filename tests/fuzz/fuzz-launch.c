/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-launch.h"
#include "fuzz.h"

/* A description parses to a spec or fails with an error that is UTF-8. What a spec is printed as
 * parses to the same spec. */

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (EfPipelineSpec) spec = NULL, again = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *reprinted = NULL;
  g_autoptr (GError) error = NULL;

  spec = ef_pipeline_spec_new_from_description (text, &error);
  if (spec == NULL)
    {
      g_assert_true (error->domain == EF_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_assert_no_error (error);
  printed = ef_pipeline_spec_to_string (spec);
  again = ef_pipeline_spec_new_from_description (printed, &error);
  g_assert_no_error (error);
  g_assert_true (ef_pipeline_spec_equal (spec, again));

  reprinted = ef_pipeline_spec_to_string (again);
  g_assert_cmpstr (printed, ==, reprinted);
  return 0;
}
