/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-config-value-private.h"
#include "ef-config.h"
#include "ef-element-class-private.h"
#include "ef-error.h"
#include "ef-suggest-private.h"

#include <string.h>

/* A configuration key names a property: less the element's prefix, and with dashes for dots. A key
 * that goes on behind the name of a table names an entry of the table. */

static GParamSpec *
find_property (EfElementClass *klass, const char *text, gsize length)
{
  g_autofree char *name = g_strdelimit (g_strndup (text, length), "._", '-');

  return g_object_class_find_property (G_OBJECT_CLASS (klass), name);
}

/* Finds what @text names, the prefix taken away. */
static gboolean
find_key (EfElementClass *klass, const char *text, EfConfigKey *found)
{
  found->pspec = find_property (klass, text, strlen (text));
  found->entry = NULL;
  if (found->pspec != NULL)
    return TRUE;

  for (const char *dot = strchr (text, '.'); dot != NULL; dot = strchr (dot + 1, '.'))
    {
      found->pspec = find_property (klass, text, (gsize) (dot - text));
      if (found->pspec != NULL && ef_config_value_is_table (found->pspec) && dot[1] != '\0')
        {
          found->entry = dot + 1;
          return TRUE;
        }
    }

  return FALSE;
}

static const char *
skip_prefix (EfElementClass *klass, const char *key)
{
  gsize length = klass->config_prefix != NULL ? strlen (klass->config_prefix) : 0;

  if (length > 0 && strncmp (key, klass->config_prefix, length) == 0 && key[length] == '.')
    return key + length + 1;

  return NULL;
}

static gboolean
can_set (GParamSpec *pspec)
{
  return (pspec->flags & G_PARAM_WRITABLE) && !(pspec->flags & G_PARAM_CONSTRUCT_ONLY)
         && ef_config_value_is_textual (pspec);
}

static void
set_unknown_key_error (EfElementClass *klass, const char *owner, const char *key, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) candidates = NULL;
  g_autofree char *hint = NULL;
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_autofree char *full_key = NULL;

      if (!can_set (pspecs[i]))
        continue;
      full_key = ef_element_class_dup_key (klass, pspecs[i]);
      g_strv_builder_add (builder, strchr (key, '.') != NULL ? full_key : pspecs[i]->name);
    }
  candidates = g_strv_builder_end (builder);
  hint = ef_suggest_hint (key, (const char *const *) candidates);

  g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY, "%s has no property or config key “%s”%s",
               owner, key, hint);
}

/* How errors name a key: as the property that it is, or as the key that the user wrote. */
char *
ef_config_key_describe (const char *owner, const char *key, const EfConfigKey *resolved)
{
  if (strcmp (key, resolved->pspec->name) == 0)
    return g_strdup_printf ("%s: property “%s”", owner, key);

  return g_strdup_printf ("%s: config key “%s”", owner, key);
}

/* Finds the property, and the entry if it is a table, that @key stands for and that may be set. */
gboolean
ef_config_key_resolve (EfElementClass *klass,
                       const char *owner,
                       const char *key,
                       EfConfigKey *resolved,
                       GError **error)
{
  const char *rest = skip_prefix (klass, key);
  g_autofree char *subject = NULL;

  if ((rest == NULL || !find_key (klass, rest, resolved)) && !find_key (klass, key, resolved))
    {
      set_unknown_key_error (klass, owner, key, error);
      return FALSE;
    }

  if (can_set (resolved->pspec)
      && (resolved->entry != NULL) == ef_config_value_is_table (resolved->pspec))
    return TRUE;

  subject = ef_config_key_describe (owner, key, resolved);
  if (!(resolved->pspec->flags & G_PARAM_WRITABLE))
    g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY, "%s can be read but not set", subject);
  else if (ef_config_value_is_table (resolved->pspec))
    g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY,
                 "%s is a table: give its entries one by one, as “%s.NAME”", subject, key);
  else
    g_set_error (error, EF_ERROR, EF_ERROR_UNKNOWN_KEY,
                 "%s can not be given as text: a program has to set it", subject);

  return FALSE;
}

/* The property that @key stands for if its value is another element, and else %NULL. */
GParamSpec *
ef_config_key_find_element (EfElementClass *klass, const char *key)
{
  EfConfigKey resolved;

  if (!ef_config_key_resolve (klass, "", key, &resolved, NULL)
      || !ef_config_value_is_element (resolved.pspec))
    return NULL;

  return resolved.pspec;
}

/**
 * ef_element_class_check_key:
 * @klass: an element class
 * @key: a configuration key or the name of a property
 * @error: return location for an error
 *
 * Checks that elements of the class know a key, without making one.
 *
 * Returns: %TRUE if they do, %FALSE with %EF_ERROR_UNKNOWN_KEY, which names the nearest key, if not
 */
gboolean
ef_element_class_check_key (EfElementClass *klass, const char *key, GError **error)
{
  const char *owner;
  EfConfigKey resolved;

  g_return_val_if_fail (EF_IS_ELEMENT_CLASS (klass), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  owner = klass->factory_name != NULL ? klass->factory_name : G_OBJECT_CLASS_NAME (klass);

  return ef_config_key_resolve (klass, owner, key, &resolved, error);
}

/* Lists the keys that all elements have, or those that this kind has. */
static void
list_keys (EfElementClass *klass, gboolean common, gboolean required, GStrvBuilder *keys)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_autofree char *key = NULL;
      g_autofree char *entries = NULL;

      if ((pspecs[i]->owner_type == EF_TYPE_ELEMENT) != common || !can_set (pspecs[i])
          || strcmp (pspecs[i]->name, "name") == 0
          || ((pspecs[i]->flags & EF_PARAM_REQUIRED) != 0) != (required != FALSE))
        continue;

      key = ef_element_class_dup_key (klass, pspecs[i]);
      entries = g_strconcat (key, ".*", NULL);
      g_strv_builder_add (keys, ef_config_value_is_table (pspecs[i]) ? entries : key);
    }
}

/**
 * ef_element_class_dup_config_keys:
 * @klass: an element class
 * @required: whether to list the keys that must be given, or those that may
 *
 * Lists the configuration keys that elements of the class know, in full, such as
 * `websocket.reconnect.delay.ms`, and behind them those that all elements know, such as
 * `error.strategy`. The entries of a table are listed as in `websocket.headers.*`.
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys
 */
char **
ef_element_class_dup_config_keys (EfElementClass *klass, gboolean required)
{
  g_autoptr (GStrvBuilder) keys = NULL;

  g_return_val_if_fail (EF_IS_ELEMENT_CLASS (klass), NULL);

  keys = g_strv_builder_new ();
  list_keys (klass, FALSE, required, keys);
  list_keys (klass, TRUE, required, keys);

  return g_strv_builder_end (keys);
}

static G_DEFINE_QUARK (ef-config-key-alternative, alternative)

/* Has another property of the class, whose name is a literal, do in place of one that is required; yet
 * another one may do in place of that. */
void
ef_config_key_set_alternative (GParamSpec *pspec, const char *name)
{
  g_param_spec_set_qdata (pspec, alternative_quark (), (gpointer) name);
}

/* That property, or NULL. */
GParamSpec *
ef_config_key_get_alternative (EfElementClass *klass, GParamSpec *pspec)
{
  const char *name = g_param_spec_get_qdata (pspec, alternative_quark ());

  return name != NULL ? g_object_class_find_property (G_OBJECT_CLASS (klass), name) : NULL;
}
