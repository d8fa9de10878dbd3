/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-pipeline.h"

#include "ef-test-loop.h"

#include <string.h>

static void
on_message (EfBus *bus, EfMessage *message, gpointer user_data)
{
  EfTestPipeline *self = user_data;

  if (ef_message_get_kind (message) == EF_MESSAGE_ERROR)
    g_ptr_array_add (self->errors, g_strdup_printf ("%s: %s", ef_message_get_source_name (message),
                                                    ef_message_get_error (message)->message));
  if (ef_message_get_kind (message) == EF_MESSAGE_EOS)
    {
      g_assert_true (ef_message_get_source (message) == G_OBJECT (self->pipeline));
      self->n_eos++;
    }
}

static void
on_error (EfPipeline *pipeline, const char *element, const GError *error, gpointer user_data)
{
  EfTestPipeline *self = user_data;

  g_assert_nonnull (element);
  g_assert_nonnull (error);
  self->n_error_signals++;
}

static void
on_eos (EfPipeline *pipeline, gpointer user_data)
{
  EfTestPipeline *self = user_data;

  g_assert_cmpint (ef_pipeline_get_state (pipeline), ==, EF_STATE_PLAYING);
  self->n_eos_signals++;
}

void
ef_test_pipeline_init (EfTestPipeline *self)
{
  *self = (EfTestPipeline){ 0 };
  self->pipeline = ef_pipeline_new ();
  self->errors = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (ef_pipeline_get_bus (self->pipeline), "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->pipeline, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->pipeline, "eos", G_CALLBACK (on_eos), self);
  g_free (ef_test_steal_log ());
}

void
ef_test_pipeline_clear (EfTestPipeline *self)
{
  ef_test_assert_finalizes (NULL, self->pipeline);
  g_ptr_array_unref (self->errors);
  g_clear_error (&self->error);
}

/* Returns an element that the pipeline owns. */
gpointer
ef_test_pipeline_add (EfTestPipeline *self, GType type, const char *name)
{
  g_autoptr (EfElement) element = g_object_new (type, "name", name, NULL);
  g_autoptr (GError) error = NULL;

  ef_pipeline_add_element (self->pipeline, element, &error);
  g_assert_no_error (error);

  return element;
}

static GType
find_kind (const char *name)
{
  const struct
  {
    const char *name;
    GType type;
  } kinds[] = {
    { "source", EF_TYPE_TEST_SOURCE },
    { "transform", EF_TYPE_TEST_TRANSFORM },
    { "queue", EF_TYPE_TEST_QUEUE },
    { "sink", EF_TYPE_TEST_SINK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      return kinds[i].type;

  g_assert_not_reached ();
}

void
ef_test_pipeline_init_chain (EfTestPipeline *self, const char *name, gpointer *element, ...)
{
  gpointer before = NULL;
  va_list args;

  ef_test_pipeline_init (self);

  va_start (args, element);
  for (; name != NULL; name = va_arg (args, const char *))
    {
      if (before != NULL)
        element = va_arg (args, gpointer *);
      *element = ef_test_pipeline_add (self, find_kind (name), name);
      if (before != NULL)
        ef_test_link (before, *element);
      before = *element;
    }
  va_end (args);
}

void
ef_test_pipeline_on_set_state (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EfTestPipeline *self = user_data;

  g_clear_error (&self->error);
  ef_pipeline_set_state_finish (EF_PIPELINE (object), result, &self->error);
  self->finished = TRUE;
}

void
ef_test_pipeline_set_state (EfTestPipeline *self, EfState state)
{
  self->finished = FALSE;
  ef_pipeline_set_state_async (self->pipeline, state, NULL, ef_test_pipeline_on_set_state, self);
  g_assert_false (self->finished);
  ef_test_wait_for (NULL, self->finished);
}

void
ef_test_pipeline_set_state_well (EfTestPipeline *self, EfState state)
{
  ef_test_pipeline_set_state (self, state);
  g_assert_no_error (self->error);
  g_assert_cmpint (ef_pipeline_get_state (self->pipeline), ==, state);
}

void
ef_test_assert_log (const char *expected)
{
  g_autofree char *log = ef_test_steal_log ();

  g_assert_cmpstr (log, ==, expected);
}

void
ef_test_assert_text_has (const char *log, const char *expected, gboolean has)
{
  if ((strstr (log, expected) != NULL) != has)
    g_error ("“%s” should%s be in “%s”", expected, has ? "" : " not", log);
}

void
ef_test_pipeline_assert_null (EfTestPipeline *self)
{
  g_autoptr (GPtrArray) elements = ef_pipeline_get_elements (self->pipeline);

  g_assert_cmpint (ef_pipeline_get_state (self->pipeline), ==, EF_STATE_NULL);
  for (guint i = 0; i < elements->len; i++)
    g_assert_cmpint (ef_element_get_state (g_ptr_array_index (elements, i)), ==, EF_STATE_NULL);
}

gboolean
ef_test_pipeline_plays (gpointer data)
{
  return ef_pipeline_get_state (data) == EF_STATE_PLAYING;
}

gboolean
ef_test_pipeline_is_null (gpointer data)
{
  return ef_pipeline_get_state (data) == EF_STATE_NULL;
}

void
ef_test_element_fail (gpointer element)
{
  g_autoptr (GError) error = g_error_new (EF_ERROR, EF_ERROR_FAILED, "broken");

  ef_element_post_error (element, error, NULL);
}
