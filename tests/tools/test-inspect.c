/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-tool.h"

#include <json-glib/json-glib.h>

#define INSPECT ef_test_tool_get_inspect ()

/* Has the plugins that the registry is tested with be found too: most of them are broken. */
static void
add_broken_plugins (void)
{
  g_autofree char *path = g_strconcat (g_getenv ("EVENTFLUX_PLUGIN_PATH"), ":",
                                       g_getenv ("EF_TEST_BROKEN_PLUGINS"), NULL);

  g_setenv ("EVENTFLUX_PLUGIN_PATH", path, TRUE);
}

static JsonNode *
run_json (const char *name)
{
  g_auto (EfTestTool) tool = { 0 };
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  ef_test_tool_run (&tool, INSPECT, "--json", name, NULL);
  g_assert_cmpstr (tool.err, ==, "");
  g_assert_cmpint (tool.status, ==, 0);
  root = json_from_string (tool.out, &error);
  g_assert_no_error (error);

  return root;
}

/* The object of an array whose member `name` is as told. */
static JsonObject *
find (JsonArray *array, const char *name)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      if (g_strcmp0 (json_object_get_string_member_with_default (object, "name", NULL), name) == 0)
        return object;
    }

  g_error ("there is no “%s”", name);
}

static void
test_list (void)
{
  g_auto (EfTestTool) tool = { 0 };

  ef_test_tool_run (&tool, INSPECT, NULL);
  g_assert_cmpint (tool.status, ==, 0);
  ef_test_assert_has (tool.out, "test: Elements for tests\n"
                                "  testqueue      Hands over to a thread\n"
                                "  testsink       Counts what comes\n"
                                "  testsource     Brings events\n"
                                "  testtransform  Passes on what comes\n");
  ef_test_assert_has (tool.out, "plugins that could not be loaded\n");
  ef_test_assert_has (tool.out, "wrong-abi.so\n");
  ef_test_assert_has_not (tool.out, "\033");
}

static void
test_element (void)
{
  g_auto (EfTestTool) tool = { 0 };

  ef_test_tool_run (&tool, INSPECT, "testsource", NULL);
  g_assert_cmpint (tool.status, ==, 0);
  ef_test_assert_has (tool.out, "  description  Brings events\n");
  ef_test_assert_has (tool.out, "  kind         source\n");
  ef_test_assert_has (tool.out, "  src     gives payload\n");
  ef_test_assert_has (tool.out,
                      "  count: integer, 0 to 1000000; default 0\n      How many events\n");
  ef_test_assert_has (tool.out, "  secret: string; secret\n");
  ef_test_assert_has (tool.out, "  state: one of null, ready, paused, playing; can be read only\n");
  ef_test_assert_has (tool.out, "  error (GError)\n");
}

static void
test_plugin (void)
{
  g_auto (EfTestTool) tool = { 0 };

  ef_test_tool_run (&tool, INSPECT, "test", NULL);
  g_assert_cmpint (tool.status, ==, 0);
  ef_test_assert_has (tool.out, "  version      1.2.3\n");
  ef_test_assert_has (tool.out, "  testsink       Counts what comes\n");
}

static void
test_list_json (void)
{
  g_autoptr (JsonNode) root = run_json (NULL);
  JsonArray *plugins = json_object_get_array_member (json_node_get_object (root), "plugins");
  JsonObject *plugin = find (plugins, "test");
  guint n_broken = 0;

  g_assert_true (json_object_get_null_member (plugin, "error"));
  g_assert_cmpstr (json_object_get_string_member (
                     find (json_object_get_array_member (plugin, "elements"), "testsink"), "kind"),
                   ==, "sink");

  for (guint i = 0; i < json_array_get_length (plugins); i++)
    {
      plugin = json_array_get_object_element (plugins, i);
      if (!json_object_get_null_member (plugin, "error"))
        n_broken++;
    }
  g_assert_cmpuint (n_broken, >, 2);
}

static void
test_element_json (void)
{
  g_autoptr (JsonNode) root = run_json ("testsource");
  JsonObject *element = json_node_get_object (root);
  JsonObject *property;

  g_assert_cmpstr (json_object_get_string_member (element, "plugin"), ==, "test");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (element, "pads")), ==, 2);
  g_assert_true (find (json_object_get_array_member (element, "signals"), "eos") != NULL);

  property = find (json_object_get_array_member (element, "properties"), "count");
  g_assert_cmpstr (json_object_get_string_member (property, "type"), ==, "integer");
  g_assert_cmpstr (json_object_get_string_member (property, "maximum"), ==, "1000000");
  g_assert_cmpstr (json_object_get_string_member (property, "default"), ==, "0");
  g_assert_true (json_object_get_boolean_member (property, "writable"));
  g_assert_false (json_object_get_boolean_member (property, "required"));
}

static void
test_wrong (void)
{
  g_auto (EfTestTool) unknown = { 0 };
  g_auto (EfTestTool) two = { 0 };
  g_auto (EfTestTool) option = { 0 };

  ef_test_tool_run (&unknown, INSPECT, "testsnk", NULL);
  ef_test_assert_has (unknown.err, "did you mean “testsink”?");
  g_assert_cmpstr (unknown.out, ==, "");
  g_assert_cmpint (unknown.status, ==, 1);

  ef_test_tool_run (&two, INSPECT, "testsink", "testsource", NULL);
  ef_test_assert_has (two.err, "“testsource”");
  g_assert_cmpint (two.status, ==, 2);

  ef_test_tool_run (&option, INSPECT, "--nonsense", NULL);
  g_assert_cmpint (option.status, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_broken_plugins ();
  g_test_add_func ("/inspect/list", test_list);
  g_test_add_func ("/inspect/element", test_element);
  g_test_add_func ("/inspect/plugin", test_plugin);
  g_test_add_func ("/inspect/list-json", test_list_json);
  g_test_add_func ("/inspect/element-json", test_element_json);
  g_test_add_func ("/inspect/wrong", test_wrong);

  return g_test_run ();
}
