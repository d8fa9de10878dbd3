/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

#include <glib/gstdio.h>
#include <string.h>

#include "ef-test-options.h"

static void
assert_printed (EfElement *element, const char *property, const char *expected)
{
  g_autofree char *text = ef_element_dup_printable_property (element, property);

  g_assert_cmpstr (text, ==, expected);
}

/* A key, its text, the property that it sets, and how that is printed then. */
static const struct
{
  const char *key;
  const char *text;
  const char *property;
  const char *printed;
} good[] = {
  { "int", "-10", "int", "-10" },
  { "int", "+7", "int", "7" },
  { "int", "-0", "int", "0" },
  { "opt.int", "10", "int", "10" },
  { "uint", "4294967295", "uint", "4294967295" },
  { "int64", "-9223372036854775807", "int64", "-9223372036854775807" },
  { "uint64", "18446744073709551615", "uint64", "18446744073709551615" },
  { "boolean", "true", "boolean", "true" },
  { "boolean", "Yes", "boolean", "true" },
  { "boolean", "1", "boolean", "true" },
  { "boolean", "off", "boolean", "false" },
  { "float", "0.25", "float", "0.25" },
  { "double", "-1.5e10", "double", "-15000000000" },
  { "double", "0.1", "double", "0.10000000000000001" },
  { "text", "", "text", "" },
  { "text", " as it is ", "text", " as it is " },
  { "text", "$.data.p", "text", "$.data.p" },
  { "text", "$${HOME} costs $5", "text", "${HOME} costs $5" },
  { "words", "a, b ,c", "words", "a,b,c" },
  { "words", "", "words", "" },
  { "bytes", "abc", "bytes", "(3 bytes)" },
  { "schema", "s STRING, p double", "schema", "s STRING, p DOUBLE" },
  { "kind", "payload", "kind", "payload" },
  { "kind", "COLUMNS", "kind", "columns" },
  { "flags", "is-service+non-unique", "flags", "is-service+non-unique" },
  { "flags", "non-unique, handles-open", "flags", "handles-open+non-unique" },
  { "flags", "", "flags", "" },
  { "reconnect-delay-ms", "250", "reconnect-delay-ms", "250" },
  { "reconnect.delay.ms", "1.5s", "reconnect-delay-ms", "1500" },
  { "opt.reconnect.delay.ms", "2 minutes", "reconnect-delay-ms", "120000" },
  { "opt.reconnect-delay-ms", "250ms", "reconnect-delay-ms", "250" },
  { "reconnect_delay_ms", "1", "reconnect-delay-ms", "1" },
  { "max-bytes", "65536", "max-bytes", "65536" },
  { "max-bytes", "64k", "max-bytes", "65536" },
  { "max-bytes", "16MiB", "max-bytes", "16777216" },
  { "max-bytes", "1.5 GB", "max-bytes", "1500000000" },
  { "max-bytes", "10kB", "max-bytes", "10000" },
  { "max-bytes", "9223372036854775807", "max-bytes", "9223372036854775807" },
  { "error.retry.max-attempts", "-1", "error-retry-max-attempts", "-1" },
  { "error.retry.max.attempts", "5", "error-retry-max-attempts", "5" },
  { "headers.X-One", "1", "headers", "X-One=1" },
  { "opt.headers.x.Two", "2", "headers", "x.Two=2" },
  { "opt.headers.mode", "fast", "headers-mode", "fast" },
  { "url", "ws://h:1/p?a=b#c", "url", "ws://h:1/p?a=b#c" },
  { "url", "wss://me:pass@host/p", "url", "wss://me:***@host/p" },
  { "url", "wss://host/p?token=abc&x=1&api_key=q", "url", "wss://host/p?token=***&x=1&api_key=***" },
  { "password", "abc", "password", "***" },
  { "headers.Authorization", "Bearer x", "headers", "Authorization=***" },
  { "headers.X-Api-Key", "x", "headers", "X-Api-Key=***" },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (EfElement) element = ef_test_options_new ();
      g_autoptr (GError) error = NULL;

      ef_element_set_from_string (element, good[i].key, good[i].text, &error);
      g_assert_no_error (error);
      assert_printed (element, good[i].property, good[i].printed);
    }
}

/* A key, its text, and the whole message. */
static const struct
{
  const char *key;
  const char *text;
  EfError code;
  const char *message;
} bad[] = {
  { "int", "11", EF_ERROR_INVALID_VALUE,
    "o: property “int”: 11 is out of range, allowed are -10 to 10" },
  { "opt.int", "99999999999999999999999", EF_ERROR_INVALID_VALUE,
    "o: config key “opt.int”: 99999999999999999999999 is out of range, allowed are -10 to 10" },
  { "int", "1x", EF_ERROR_INVALID_VALUE, "o: property “int”: “1x” is no whole number" },
  { "int", "", EF_ERROR_INVALID_VALUE, "o: property “int”: “” is no whole number" },
  { "int", "1.0", EF_ERROR_INVALID_VALUE, "o: property “int”: “1.0” is no whole number" },
  { "int", "0x1", EF_ERROR_INVALID_VALUE, "o: property “int”: “0x1” is no whole number" },
  { "uint", "4", EF_ERROR_INVALID_VALUE,
    "o: property “uint”: 4 is out of range, allowed are 5 to 4294967295" },
  { "uint", "-1", EF_ERROR_INVALID_VALUE,
    "o: property “uint”: -1 is out of range, allowed are 5 to 4294967295" },
  { "int64", "9223372036854775808", EF_ERROR_INVALID_VALUE,
    "o: property “int64”: 9223372036854775808 is out of range, allowed are -9223372036854775807 to "
    "9223372036854775807" },
  { "uint64", "18446744073709551616", EF_ERROR_INVALID_VALUE,
    "o: property “uint64”: 18446744073709551616 is out of range, allowed are 0 to "
    "18446744073709551615" },
  { "boolean", "maybe", EF_ERROR_INVALID_VALUE,
    "o: property “boolean”: “maybe” is neither true nor false" },
  { "float", "1.5", EF_ERROR_INVALID_VALUE,
    "o: property “float”: 1.5 is out of range, allowed are 0 to 1" },
  { "double", "1e400", EF_ERROR_INVALID_VALUE,
    "o: property “double”: 1e400 is out of range, allowed are -1e+300 to 1e+300" },
  { "double", "nan", EF_ERROR_INVALID_VALUE, "o: property “double”: “nan” is no number" },
  { "double", "1,5", EF_ERROR_INVALID_VALUE, "o: property “double”: “1,5” is no number" },
  { "kind", "paylod", EF_ERROR_INVALID_VALUE,
    "o: property “kind”: “paylod” is not one of any, payload, columns; did you mean “payload”?" },
  { "reconnect-delay-ms", "-5", EF_ERROR_INVALID_VALUE,
    "o: property “reconnect-delay-ms”: -5 is out of range, allowed are 0 to 2147483647" },
  { "opt.reconnect.delay.ms", "10 parsecs", EF_ERROR_INVALID_VALUE,
    "o: config key “opt.reconnect.delay.ms”: “10 parsecs” is neither a number of milliseconds nor a "
    "duration such as “1.5s”" },
  { "reconnect-delay-ms", "5us", EF_ERROR_INVALID_VALUE,
    "o: property “reconnect-delay-ms”: “5us” is no whole number of milliseconds" },
  { "reconnect-delay-ms", "100 days", EF_ERROR_INVALID_VALUE,
    "o: property “reconnect-delay-ms”: 100 days is out of range, allowed are 0 to 2147483647" },
  { "reconnect-delay-ms", "", EF_ERROR_INVALID_VALUE,
    "o: property “reconnect-delay-ms”: “” is neither a number of milliseconds nor a duration such as "
    "“1.5s”" },
  { "max-bytes", "12 apples", EF_ERROR_INVALID_VALUE,
    "o: property “max-bytes”: “12 apples” is no number of bytes such as 65536, “64k” or “16MiB”" },
  { "max-bytes", "0.5", EF_ERROR_INVALID_VALUE,
    "o: property “max-bytes”: “0.5” is no whole number of bytes" },
  { "max-bytes", "-1", EF_ERROR_INVALID_VALUE,
    "o: property “max-bytes”: -1 is out of range, allowed are 0 to 9223372036854775807" },
  { "urll", "x", EF_ERROR_UNKNOWN_KEY,
    "o has no property or config key “urll”; did you mean “url”?" },
  { "opt.reconect.delay.ms", "x", EF_ERROR_UNKNOWN_KEY,
    "o has no property or config key “opt.reconect.delay.ms”; did you mean “opt.reconnect.delay.ms”?" },
  { "kafka.brokers.list", "x", EF_ERROR_UNKNOWN_KEY,
    "o has no property or config key “kafka.brokers.list”" },
  { "count", "1", EF_ERROR_UNKNOWN_KEY, "o: property “count” can be read but not set" },
  { "state", "null", EF_ERROR_UNKNOWN_KEY, "o: property “state” can be read but not set" },
  { "object", "x", EF_ERROR_UNKNOWN_KEY,
    "o: property “object” can not be given as text: a program has to set it" },
  { "headers", "x", EF_ERROR_UNKNOWN_KEY,
    "o: property “headers” is a table: give its entries one by one, as “headers.NAME”" },
  { "opt.headers", "x", EF_ERROR_UNKNOWN_KEY,
    "o: config key “opt.headers” is a table: give its entries one by one, as “opt.headers.NAME”" },
  { "name", "", EF_ERROR_INVALID_VALUE, "o: property “name” is empty" },
  { "text", "${EF_TEST_NOT_SET}", EF_ERROR_INVALID_VALUE,
    "o: property “text”: the environment variable “EF_TEST_NOT_SET” is not set" },
  { "text", "${file:/nowhere/at/all}", EF_ERROR_INVALID_VALUE,
    "o: property “text”: the file “/nowhere/at/all” can not be read: No such file or directory" },
  { "text", "${file:/dev/zero}", EF_ERROR_INVALID_VALUE,
    "o: property “text”: the file “/dev/zero” is too large for a value: more than 65536 bytes" },
  { "text", "a ${HOME", EF_ERROR_INVALID_VALUE,
    "o: property “text”: “${HOME” has no closing brace; write $${ for the characters themselves" },
  { "text", "${a b}", EF_ERROR_INVALID_VALUE,
    "o: property “text”: “${a b}” names no environment variable and no file: write ${NAME}, "
    "${file:PATH}, or $${ for the characters themselves" },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (EfElement) element = ef_test_options_new ();
      g_autoptr (GError) error = NULL;

      ef_element_set_from_string (element, bad[i].key, bad[i].text, &error);
      g_assert_cmpstr (error != NULL ? error->message : "no error", ==, bad[i].message);
      g_assert_error (error, EF_ERROR, (int) bad[i].code);
    }
}

/* The text of a schema that does not parse is shown with the place. */
static void
test_bad_schema (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (ef_element_set_from_string (element, "schema", "s STRNG", &error));
  g_assert_true (g_str_has_prefix (error->message, "o: property “schema”: "));
  g_assert_nonnull (strstr (error->message, "STRNG"));
}

static void
test_substituted (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_autofree char *folder = g_dir_make_tmp ("eventflux-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "token", NULL);
  g_autofree char *key = g_strdup_printf ("Bearer ${file:%s}!", path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) headers = NULL;
  g_autofree char *text = NULL;
  int number;

  g_assert_true (g_file_set_contents (path, "secret of ${HOME}\r\n", -1, NULL));
  g_setenv ("EF_TEST_A", "7", TRUE);
  g_setenv ("EF_TEST_B", "sesame", TRUE);

  /* What comes from elsewhere has its effect, and is not printed. */
  g_assert_true (ef_element_set_from_string (element, "int", "${EF_TEST_A}", NULL));
  g_object_get (element, "int", &number, NULL);
  g_assert_cmpint (number, ==, 7);
  assert_printed (element, "int", "***");

  g_assert_true (ef_element_set_from_string (element, "text", "<${EF_TEST_B}${EF_TEST_A}>", NULL));
  g_object_get (element, "text", &text, NULL);
  g_assert_cmpstr (text, ==, "<sesame7>");
  assert_printed (element, "text", "***");

  g_assert_true (ef_element_set_from_string (element, "headers.X-A", key, NULL));
  g_assert_true (ef_element_set_from_string (element, "headers.X-B", "plain", NULL));
  g_object_get (element, "headers", &headers, NULL);
  g_assert_cmpstr (g_hash_table_lookup (headers, "X-A"), ==, "Bearer secret of ${HOME}!");
  assert_printed (element, "headers", "X-A=***, X-B=plain");

  /* Nor is it in errors. */
  g_assert_false (ef_element_set_from_string (element, "int", "${EF_TEST_B}", &error));
  g_assert_cmpstr (error->message, ==, "o: property “int”: “***” is no whole number");
  g_clear_error (&error);
  g_assert_false (ef_element_set_from_string (element, "kind", "${EF_TEST_B}", &error));
  g_assert_cmpstr (error->message, ==,
                   "o: property “kind”: “***” is not one of any, payload, columns");
  g_clear_error (&error);
  g_assert_false (ef_element_set_from_string (element, "flags", "non-unique+${EF_TEST_B}", &error));
  g_assert_null (strstr (error->message, "sesame"));
  g_clear_error (&error);
  g_assert_false (ef_element_set_from_string (element, "schema", "${EF_TEST_B} X", &error));
  g_assert_null (strstr (error->message, "sesame"));

  /* A value given in its place is printed again. */
  g_assert_true (ef_element_set_from_string (element, "text", "plain", NULL));
  assert_printed (element, "text", "plain");

  g_unlink (path);
  g_rmdir (folder);
}

static void
put (GHashTable *config, const char *key, const char *text)
{
  g_hash_table_insert (config, (gpointer) key, (gpointer) text);
}

static void
test_configure (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_autoptr (GHashTable) config = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  put (config, "opt.int", "3");
  put (config, "text", "a");
  put (config, "opt.headers.A", "1");
  put (config, "opt.headers.B", "2");
  put (config, "name", "renamed");
  ef_element_configure (element, config, &error);
  g_assert_no_error (error);
  assert_printed (element, "int", "3");
  assert_printed (element, "text", "a");
  assert_printed (element, "headers", "A=1, B=2");
  g_assert_cmpstr (ef_element_get_name (element), ==, "renamed");

  /* One bad value, and nothing is set. */
  g_hash_table_remove_all (config);
  put (config, "boolean", "true");
  put (config, "opt.int", "999");
  put (config, "text", "b");
  g_assert_false (ef_element_configure (element, config, &error));
  g_assert_cmpstr (error->message, ==,
                   "renamed: config key “opt.int”: 999 is out of range, allowed are -10 to 10");
  g_clear_error (&error);
  assert_printed (element, "boolean", "false");
  assert_printed (element, "text", "a");

  /* One property by two keys. */
  g_hash_table_remove_all (config);
  put (config, "opt.int", "1");
  put (config, "int", "2");
  g_assert_false (ef_element_configure (element, config, &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE);
  g_assert_cmpstr (error->message, ==,
                   "renamed: “int” and “opt.int” are the same key: give one of them");
  g_clear_error (&error);

  /* Entries are added to the table, and one of the same name is replaced. */
  g_hash_table_remove_all (config);
  put (config, "headers.B", "3");
  put (config, "headers.C", "4");
  g_assert_true (ef_element_configure (element, config, NULL));
  assert_printed (element, "headers", "A=1, B=3, C=4");
}

static void
test_name_while_up (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ef_element_start (element, NULL));
  g_assert_false (ef_element_set_from_string (element, "name", "x", &error));
  g_assert_error (error, EF_ERROR, EF_ERROR_STATE);
  g_assert_cmpstr (error->message, ==,
                   "o: property “name” can not be changed: the element is playing");

  ef_element_stop (element);
  while (ef_element_get_state (element) != EF_STATE_NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_clone (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_autoptr (GHashTable) headers = NULL;
  g_autoptr (GHashTable) cloned_headers = NULL;
  g_autoptr (EfElement) clone = NULL;

  g_setenv ("EF_TEST_B", "sesame", TRUE);
  g_assert_true (ef_element_set_from_string (element, "int", "3", NULL));
  g_assert_true (ef_element_set_from_string (element, "text", "${EF_TEST_B}", NULL));
  g_assert_true (ef_element_set_from_string (element, "headers.A", "${EF_TEST_B}", NULL));
  g_assert_true (ef_element_set_from_string (element, "headers.B", "1", NULL));

  clone = ef_element_clone (element);
  g_assert_cmpstr (ef_element_get_name (clone), !=, "o");
  assert_printed (clone, "int", "3");
  assert_printed (clone, "text", "***");
  assert_printed (clone, "headers", "A=***, B=1");

  /* The two have nothing in common. */
  g_object_get (element, "headers", &headers, NULL);
  g_object_get (clone, "headers", &cloned_headers, NULL);
  g_assert_true (headers != cloned_headers);
  g_assert_true (ef_element_set_from_string (element, "headers.B", "2", NULL));
  assert_printed (clone, "headers", "A=***, B=1");
}

static void
test_keys (void)
{
  g_autoptr (EfElement) element = ef_test_options_new ();
  g_auto (GStrv) keys = ef_element_class_dup_config_keys (EF_ELEMENT_GET_CLASS (element), FALSE);
  g_auto (GStrv) required = ef_element_class_dup_config_keys (EF_ELEMENT_GET_CLASS (element), TRUE);

  g_assert_true (g_strv_contains ((const char *const *) keys, "opt.reconnect.delay.ms"));
  g_assert_true (g_strv_contains ((const char *const *) keys, "opt.headers.*"));
  g_assert_true (g_strv_contains ((const char *const *) keys, "error.retry.max-attempts"));
  g_assert_false (g_strv_contains ((const char *const *) keys, "opt.count"));
  g_assert_false (g_strv_contains ((const char *const *) keys, "opt.object"));
  g_assert_false (g_strv_contains ((const char *const *) keys, "opt.name"));
  g_assert_cmpuint (g_strv_length (required), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/element/config/good", test_good);
  g_test_add_func ("/element/config/bad", test_bad);
  g_test_add_func ("/element/config/bad-schema", test_bad_schema);
  g_test_add_func ("/element/config/substituted", test_substituted);
  g_test_add_func ("/element/config/configure", test_configure);
  g_test_add_func ("/element/config/name-while-up", test_name_while_up);
  g_test_add_func ("/element/config/clone", test_clone);
  g_test_add_func ("/element/config/keys", test_keys);

  return g_test_run ();
}
