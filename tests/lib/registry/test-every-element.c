/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <string.h>

#include "ef-test-loop.h"

/* Holds every element that the plugins bring to what all elements have to keep. A plugin that comes
 * later is in it by being there. */

/* What required properties get, by the end of their names. Nobody listens on port 9 here: an element that
 * connects has to fail, or to go on trying, and to stop at once when told. */
static const struct
{
  const char *suffix;
  const char *value;
} values[] = {
  { "url", "ws://127.0.0.1:9/" },
  { "schema", "s STRING, p DOUBLE" },
  { "stream", "s" },
  { "location", "/dev/null" },
  { "query", "SELECT * FROM input" },
};

static void
set_required (EfElement *element)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      gboolean known = !(pspecs[i]->flags & EF_PARAM_REQUIRED);

      for (gsize j = 0; !known && j < G_N_ELEMENTS (values); j++)
        if (g_str_has_suffix (pspecs[i]->name, values[j].suffix))
          {
            g_autoptr (GError) error = NULL;

            ef_element_set_from_string (element, pspecs[i]->name, values[j].value, &error);
            g_assert_no_error (error);
            known = TRUE;
          }

      if (!known)
        g_error ("%s: say in this test what to give the property “%s”",
                 ef_element_get_name (element), pspecs[i]->name);
    }
}

typedef struct
{
  gboolean done;
  gboolean ok;
} Wait;

static void
on_waited (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->done = TRUE;
  wait->ok = ef_element_set_state_finish (EF_ELEMENT (object), result, NULL);
}

/* Goes towards a state, for as long as it may take to get there or to begin to wait for a peer. */
static void
go_up (EfElement *element, EfState state)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 deadline = g_get_monotonic_time () + G_USEC_PER_SEC / 10;
  Wait wait = { 0 };

  ef_element_set_state_async (element, state, cancellable, on_waited, &wait);
  while (!wait.done && g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  g_cancellable_cancel (cancellable);
  ef_test_wait_for (NULL, wait.done);
}

static void
go_down (EfElement *element)
{
  Wait wait = { 0 };

  ef_element_stop_async (element, NULL, on_waited, &wait);
  ef_test_wait_for (NULL, wait.done);
  g_assert_true (wait.ok);
  g_assert_cmpint (ef_element_get_state (element), ==, EF_STATE_NULL);
}

static void
test_states (gconstpointer data)
{
  EfElementFactory *factory = (EfElementFactory *) data;
  EfElement *element = ef_element_factory_create (factory, NULL);

  set_required (element);
  for (int state = EF_STATE_READY; state <= EF_STATE_PLAYING; state++)
    for (int times = 0; times < 2; times++)
      {
        go_up (element, (EfState) state);
        go_down (element);
      }

  /* Stopped before it came to anything. */
  g_assert_true (ef_element_start (element, NULL));
  ef_element_stop (element);
  go_down (element);

  g_assert_false (ef_pad_is_held (ef_element_get_errors_pad (element)));
  ef_test_assert_finalizes (NULL, element);
}

static void
test_unused (gconstpointer data)
{
  EfElement *element = ef_element_factory_create ((EfElementFactory *) data, "unused");

  g_assert_cmpstr (ef_element_get_name (element), ==, "unused");
  g_assert_finalize_object (element);
}

/* What each property prints is what it reads, and a clone prints the same. */
static void
test_properties (gconstpointer data)
{
  EfElement *element = ef_element_factory_create ((EfElementFactory *) data, NULL);
  g_autofree GParamSpec **pspecs = NULL;
  EfElement *clone;
  guint n_pspecs;

  set_required (element);
  clone = ef_element_clone (element);
  g_assert_cmpstr (ef_element_get_name (element), !=, ef_element_get_name (clone));

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *cloned = NULL;
      const char *blurb = g_param_spec_get_blurb (pspecs[i]);

      g_assert_nonnull (blurb);
      g_assert_cmpint (strlen (blurb), >, 0);
      if (!(pspecs[i]->flags & G_PARAM_READABLE) || strcmp (pspecs[i]->name, "name") == 0)
        continue;

      text = ef_element_dup_printable_property (element, pspecs[i]->name);
      cloned = ef_element_dup_printable_property (clone, pspecs[i]->name);
      g_assert_cmpstr (text, ==, cloned);
    }

  g_object_unref (clone);
  g_object_unref (element);
}

static void
test_metadata (gconstpointer data)
{
  EfElementFactory *factory = (EfElementFactory *) data;
  const char *description = ef_element_factory_get_description (factory);
  const char *const *required = ef_element_factory_get_required_parameters (factory);

  g_assert_cmpint (strlen (description), >, 10);
  g_assert_true (g_ascii_isupper (description[0]));
  g_assert_true (g_str_has_suffix (description, "."));
  g_assert_nonnull (ef_element_factory_get_plugin_name (factory));
  for (guint i = 0; required[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      ef_element_factory_check_key (factory, required[i], &error);
      g_assert_no_error (error);
    }
}

/* The example of each makes a pipeline, with elements and properties that there are. */
static void
test_example (gconstpointer data)
{
  EfElementFactory *factory = (EfElementFactory *) data;
  const char *example = ef_element_factory_get_example (factory);
  g_autoptr (GError) error = NULL;
  EfPipeline *pipeline;

  g_assert_nonnull (strstr (example, ef_element_factory_get_name (factory)));
  pipeline = ef_pipeline_new_from_description (example, ef_context_get_default (), &error);
  g_assert_no_error (error);
  g_assert_finalize_object (pipeline);
}

static void
add_tests (EfElementFactory *factory)
{
  static const struct
  {
    const char *name;
    GTestDataFunc func;
  } tests[] = {
    { "states", test_states },
    { "unused", test_unused },
    { "properties", test_properties },
    { "metadata", test_metadata },
    { "example", test_example },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = NULL;

      path = g_strdup_printf ("/registry/every-element/%s/%s", ef_element_factory_get_name (factory),
                              tests[i].name);
      g_test_add_data_func_full (path, g_object_ref (factory), tests[i].func, g_object_unref);
    }
}

/* The plugins themselves. None of those of the build may be broken. */
static void
test_plugins (void)
{
  g_autoptr (GPtrArray) plugins = ef_context_list_plugins (ef_context_get_default ());

  for (guint i = 0; i < plugins->len; i++)
    g_assert_no_error (ef_plugin_get_error (g_ptr_array_index (plugins, i)));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GPtrArray) factories = NULL;

  g_test_init (&argc, &argv, NULL);

  factories = ef_context_list_factories (ef_context_get_default ());
  g_test_add_func ("/registry/every-element/plugins", test_plugins);
  for (guint i = 0; i < factories->len; i++)
    add_tests (g_ptr_array_index (factories, i));

  return g_test_run ();
}
