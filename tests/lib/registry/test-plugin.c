/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <glib/gstdio.h>
#include <gmodule.h>
#include <string.h>

static char *
find_fixture (const char *name)
{
  g_autofree char *file = g_strconcat (name, "." G_MODULE_SUFFIX, NULL);

  return g_test_build_filename (G_TEST_BUILT, "lib", "registry", file, NULL);
}

/* Loads a plugin that must fail, and returns the end of the message, behind the file's name. */
static char *
load_broken (EfContext *context, const char *filename)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plugins = NULL;
  EfPlugin *last;

  g_assert_false (ef_context_load_plugin_file (context, filename, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_PLUGIN);
  g_assert_true (g_str_has_prefix (error->message, filename));

  /* It is listed, with the same error. */
  plugins = ef_context_list_plugins (context);
  g_assert_cmpuint (plugins->len, >, 0);
  last = g_ptr_array_index (plugins, plugins->len - 1);
  g_assert_cmpstr (ef_plugin_get_filename (last), ==, filename);
  g_assert_error (ef_plugin_get_error (last), EF_ERROR, EF_ERROR_PLUGIN);
  g_assert_cmpstr (ef_plugin_get_error (last)->message, ==, error->message);

  return g_strdup (error->message + strlen (filename));
}

static void
test_good (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autofree char *filename = find_fixture ("good");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plugins = NULL;
  g_autoptr (GPtrArray) factories = NULL;
  g_autoptr (EfElement) element = NULL;
  EfPlugin *plugin;

  ef_context_load_plugin_file (context, filename, &error);
  g_assert_no_error (error);

  plugins = ef_context_list_plugins (context);
  g_assert_cmpuint (plugins->len, ==, 1);
  plugin = g_ptr_array_index (plugins, 0);
  g_assert_cmpstr (ef_plugin_get_name (plugin), ==, "good");
  g_assert_cmpstr (ef_plugin_get_description (plugin), ==, "A plugin with nothing wrong");
  g_assert_cmpstr (ef_plugin_get_version (plugin), ==, "1.0");
  g_assert_cmpstr (ef_plugin_get_license (plugin), ==, "LGPL-2.1-or-later");
  g_assert_cmpstr (ef_plugin_get_filename (plugin), ==, filename);
  g_assert_null (ef_plugin_get_error (plugin));

  factories = ef_context_list_factories (context);
  g_assert_cmpuint (factories->len, ==, 2);
  g_assert_cmpstr (ef_element_factory_get_name (g_ptr_array_index (factories, 0)), ==, "goodsink");
  g_assert_cmpstr (ef_element_factory_get_plugin_name (g_ptr_array_index (factories, 1)), ==, "good");

  element = ef_context_create_element (context, "goodsource", "mine", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ef_element_get_name (element), ==, "mine");
}

/* A module is loaded once, and known to as many contexts as like. */
static void
test_two_contexts (void)
{
  g_autoptr (EfContext) first = ef_context_new ();
  g_autoptr (EfContext) second = ef_context_new ();
  g_autofree char *filename = find_fixture ("good");

  g_assert_true (ef_context_load_plugin_file (first, filename, NULL));
  g_assert_true (ef_context_load_plugin_file (second, filename, NULL));
  g_assert_nonnull (ef_context_find_factory (first, "goodsink", NULL));
  g_assert_nonnull (ef_context_find_factory (second, "goodsink", NULL));
}

static void
test_broken (void)
{
  static const struct
  {
    const char *name;
    const char *message;
  } cases[] = {
    { "failing-init", " did not initialize: the hardware is out of order" },
    { "no-descriptor", " is no EventFlux plugin: it has no symbol “ef_plugin_descriptor”" },
    { "wrong-abi", " was made for version 42 of the plugin interface, and this library has version "
                   "1: build the plugin again" },
    { "wrong-magic", " is no EventFlux plugin: its descriptor does not begin as one" },
    { "nowhere", " is no file" },
  };
  g_autoptr (EfContext) context = ef_context_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *filename = find_fixture (cases[i].name);
      g_autofree char *message = load_broken (context, filename);

      g_assert_cmpstr (message, ==, cases[i].message);
    }

  g_assert_null (ef_context_find_factory (context, "goodsource", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_UNKNOWN_ELEMENT);
  g_assert_cmpstr (error->message, ==,
                   "no element is called “goodsource”; a plugin could not be loaded, see "
                   "eventflux-inspect");
}

static void
test_no_module (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autofree char *folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  g_autofree char *filename = g_build_filename (folder, "text." G_MODULE_SUFFIX, NULL);
  g_autofree char *message = NULL;

  g_assert_true (g_file_set_contents (filename, "no module at all", -1, NULL));
  message = load_broken (context, filename);
  g_assert_true (g_str_has_prefix (message, " can not be loaded: "));

  g_unlink (filename);
  g_rmdir (folder);
}

/* The first of a name stays, and of a plugin that comes second nothing is used. */
static void
test_same_element (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autofree char *good = find_fixture ("good");
  g_autofree char *same = find_fixture ("same-element");
  g_autofree char *message = NULL;

  g_assert_true (ef_context_load_plugin_file (context, good, NULL));
  message = load_broken (context, same);
  g_assert_cmpstr (message, ==, " is not used: the element “goodsource” is there already, from the "
                                "plugin “good”");
  g_assert_null (ef_context_find_factory (context, "othersource", NULL));
  g_assert_cmpstr (ef_element_factory_get_plugin_name (
                     ef_context_find_factory (context, "goodsource", NULL)),
                   ==, "good");
}

static void
test_same_name (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autofree char *good = find_fixture ("good");
  g_autofree char *same = find_fixture ("same-name");
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_context_load_plugin_file (context, good, NULL));
  g_assert_false (ef_context_load_plugin_file (context, same, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_PLUGIN);
  expected = g_strdup_printf ("%s is not used: the plugin “good” is there already, from %s", same,
                              good);
  g_assert_cmpstr (error->message, ==, expected);
}

/* A folder with all of them: the good ones are there, the broken ones are named in the log. */
static void
test_path (void)
{
  g_autoptr (EfContext) context = ef_context_new ();
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "lib", "registry", NULL);
  g_autoptr (GPtrArray) plugins = NULL;
  guint n_failed = 0;

  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "*failing-init*hardware*");
  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "*no-descriptor*no symbol*");
  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "*same-element*is there already*");
  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "*wrong-abi*version 42*");
  g_test_expect_message ("EventFlux", G_LOG_LEVEL_MESSAGE, "*wrong-magic*no EventFlux plugin*");
  g_assert_cmpuint (ef_context_load_plugin_path (context, folder), ==, 1);
  g_test_assert_expected_messages ();

  plugins = ef_context_list_plugins (context);
  g_assert_cmpuint (plugins->len, ==, 6); /* the second “good” is passed over */
  for (guint i = 0; i < plugins->len; i++)
    n_failed += ef_plugin_get_error (g_ptr_array_index (plugins, i)) != NULL ? 1 : 0;
  g_assert_cmpuint (n_failed, ==, 5);
  g_assert_nonnull (ef_context_find_factory (context, "goodsource", NULL));

  g_assert_cmpuint (ef_context_load_plugin_path (context, "/nowhere/at/all"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/registry/plugin/good", test_good);
  g_test_add_func ("/registry/plugin/two-contexts", test_two_contexts);
  g_test_add_func ("/registry/plugin/broken", test_broken);
  g_test_add_func ("/registry/plugin/no-module", test_no_module);
  g_test_add_func ("/registry/plugin/same-element", test_same_element);
  g_test_add_func ("/registry/plugin/same-name", test_same_name);
  g_test_add_func ("/registry/plugin/path", test_path);

  return g_test_run ();
}
