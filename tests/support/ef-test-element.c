/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-element.h"

#include "ef-test-loop.h"

typedef struct
{
  gboolean done;
  GAsyncResult *result;
} StateWait;

static void
on_state (GObject *object, GAsyncResult *result, gpointer user_data)
{
  StateWait *wait = user_data;

  wait->done = TRUE;
  wait->result = g_object_ref (result);
}

gboolean
ef_test_try_set_state (gpointer element, EfState state, GError **error)
{
  StateWait wait = { FALSE };
  g_autoptr (GAsyncResult) result = NULL;

  ef_element_set_state_async (element, state, NULL, on_state, &wait);
  ef_test_wait_for (NULL, wait.done);
  result = wait.result;

  return ef_element_set_state_finish (element, result, error);
}

void
ef_test_start (gpointer element)
{
  g_autoptr (GError) error = NULL;

  ef_element_start (element, &error);
  g_assert_no_error (error);
  ef_test_wait_for (NULL, ef_element_get_state (element) == EF_STATE_PLAYING);
}

void
ef_test_stop (gpointer element)
{
  ef_element_stop (element);
  ef_test_wait_for (NULL, ef_element_get_state (element) == EF_STATE_NULL);
}

void
ef_test_link (gpointer first, gpointer second)
{
  g_autoptr (GError) error = NULL;

  ef_element_link (first, second, &error);
  g_assert_no_error (error);
}

/* ef_test_link_errors: the dead letters of @element go to @letters. */
void
ef_test_link_errors (gpointer element, gpointer letters)
{
  g_autoptr (GError) error = NULL;

  ef_pad_link (ef_element_get_errors_pad (element), ef_element_get_sink_pad (letters), &error);
  g_assert_no_error (error);
}

gboolean
ef_test_has_stat (gpointer element, const char *name)
{
  g_autoptr (GVariant) stats = ef_element_get_stats (element);
  g_autoptr (GVariant) value = g_variant_lookup_value (stats, name, NULL);

  return value != NULL;
}

/* ef_test_get_stat: a figure of the element's, which must be there. */
guint64
ef_test_get_stat (gpointer element, const char *name)
{
  g_autoptr (GVariant) stats = ef_element_get_stats (element);
  g_autoptr (GVariant) value = g_variant_lookup_value (stats, name, NULL);

  g_assert_nonnull (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_variant_get_boolean (value) ? 1 : 0;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);

  return g_variant_get_uint64 (value);
}

void
ef_test_note_settled (const GError *error, gpointer settled)
{
  *(GError **) settled = error != NULL ? g_error_copy (error)
                                       : g_error_new_literal (G_IO_ERROR, 0, "accepted");
}
