/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-value-private.h"
#include "ef-config.h"
#include "ef-error.h"
#include "ef-web-socket-server-sink.h"
#include "ef-web-socket-sink.h"
#include "ef-web-socket-source.h"
#include "fuzz.h"

#include <string.h>

/* KEY=VALUE sets a property of one of the elements, which the first byte chooses, or fails with an
 * error that is UTF-8. A value prints as a text that sets the same value again. */

static EfElement *
make_element (guint8 choice)
{
  switch (choice % 3)
    {
    case 0:
      return EF_ELEMENT (ef_web_socket_source_new ());
    case 1:
      return EF_ELEMENT (ef_web_socket_sink_new ());
    default:
      return EF_ELEMENT (ef_web_socket_server_sink_new ());
    }
}

static void
check_prints (EfElement *element, const char *name, const GValue *value)
{
  g_autofree char *printed = ef_config_value_print (value);
  g_autofree char *reprinted = NULL;
  g_auto (GValue) again = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  /* A string prints as it is, and may then stand for something from the environment. */
  if (printed == NULL || strstr (printed, "${") != NULL)
    return;

  g_assert_true (ef_element_set_from_string (element, name, printed, &error));
  g_assert_no_error (error);
  g_object_get_property (G_OBJECT (element), name, &again);
  reprinted = ef_config_value_print (&again);
  g_assert_cmpstr (reprinted, ==, printed);
}

static void
check_properties (EfElement *element)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if ((pspecs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE
          || pspecs[i]->flags & G_PARAM_CONSTRUCT_ONLY || !ef_config_value_is_textual (pspecs[i])
          || ef_config_value_is_table (pspecs[i]))
        continue;
      g_object_get_property (G_OBJECT (element), pspecs[i]->name, &value);
      if (!g_param_value_defaults (pspecs[i], &value))
        check_prints (element, pspecs[i]->name, &value);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 1 ? (const char *) data + 1 : "", size > 1 ? size - 1 : 0);
  char *equals = strchr (text, '=');
  g_autoptr (EfElement) element = NULL;
  g_autoptr (GError) error = NULL;

  /* Files are not a fuzzer's to read. */
  if (equals == NULL || strstr (text, "file:") != NULL)
    return 0;

  *equals = '\0';
  element = make_element (data[0]);
  if (ef_element_set_from_string (element, text, equals + 1, &error))
    {
      g_assert_no_error (error);
      check_properties (element);
    }
  else
    {
      g_assert_true (error->domain == EF_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

  return 0;
}
