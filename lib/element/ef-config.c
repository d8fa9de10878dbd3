/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-key-private.h"
#include "ef-config-refresh-private.h"
#include "ef-config-value-private.h"
#include "ef-config.h"
#include "ef-element-policy-private.h"
#include "ef-error.h"
#include "ef-redact-private.h"
#include "ef-substitute-private.h"

#include <string.h>

/* A value that was read and is not set yet. */
typedef struct
{
  char *key;
  EfConfigKey resolved;
  GValue value;      /* of an entry: its text */
  char *template;    /* what was written, if values were put into it: then it is masked */
} Setting;

static void
setting_free (Setting *self)
{
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_free (self->key);
  g_free (self->template);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setting, setting_free)

/* What was written where values were put in, by “property” or “property.entry”: such values are
 * masked. NULL if there never was one. */
static G_DEFINE_QUARK (ef-config-masked, masked)

static GHashTable *
get_masked (EfElement *self)
{
  return g_object_get_qdata (G_OBJECT (self), masked_quark ());
}

static GHashTable *
ensure_masked (EfElement *self)
{
  GHashTable *masked = get_masked (self);

  if (masked == NULL)
    {
      masked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_object_set_qdata_full (G_OBJECT (self), masked_quark (), masked,
                               (GDestroyNotify) g_hash_table_unref);
    }

  return masked;
}

static char *
mask_key (const char *property, const char *entry)
{
  return entry != NULL ? g_strconcat (property, ".", entry, NULL) : g_strdup (property);
}

static gboolean
is_masked (EfElement *self, const char *property, const char *entry)
{
  GHashTable *masked = get_masked (self);
  g_autofree char *key = mask_key (property, entry);

  return masked != NULL && g_hash_table_contains (masked, key);
}

/* @template is NULL for a value that may be shown. */
static void
set_masked (EfElement *self, const char *property, const char *entry, const char *template)
{
  g_autofree char *key = mask_key (property, entry);

  if (template != NULL)
    g_hash_table_replace (ensure_masked (self), g_steal_pointer (&key), g_strdup (template));
  else if (get_masked (self) != NULL)
    g_hash_table_remove (get_masked (self), key);
}

static gboolean
check_name (EfElement *self, const char *subject, const char *text, GError **error)
{
  if (ef_element_get_state (self) != EF_STATE_NULL)
    {
      g_set_error (error, EF_ERROR, EF_ERROR_STATE, "%s can not be changed: the element is %s",
                   subject, ef_state_to_string (ef_element_get_state (self)));
      return FALSE;
    }

  if (*text == '\0')
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "%s is empty", subject);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_utf8 (const char *text, GError **error)
{
  if (g_utf8_validate (text, -1, NULL))
    return TRUE;

  g_set_error_literal (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "the value is not UTF-8");

  return FALSE;
}

static gboolean
read_value (EfElement *self, Setting *setting, const char *text, GError **error)
{
  GParamSpec *pspec = setting->resolved.pspec;
  const char *shown = setting->template != NULL || (pspec->flags & EF_PARAM_SECRET) ? EF_REDACTED : text;

  /* What the environment and files hold may be anything. */
  if (!check_utf8 (text, error))
    return FALSE;

  if (setting->resolved.entry != NULL)
    {
      g_value_init (&setting->value, G_TYPE_STRING);
      g_value_set_string (&setting->value, text);
      return TRUE;
    }

  return ef_config_value_parse (&setting->value, pspec, text, shown, error);
}

/* Reads a key and its value, and changes nothing. */
static Setting *
read_setting (EfElement *self, const char *key, const char *text, GError **error)
{
  const char *owner = ef_element_get_name (self);
  g_autoptr (Setting) setting = g_new0 (Setting, 1);
  g_autofree char *subject = NULL;
  g_autofree char *substituted = NULL;
  gboolean is_template = FALSE;

  /* What is no text is no key, and the error is to be one. */
  setting->key = g_utf8_make_valid (key, -1);
  if (!ef_config_key_resolve (EF_ELEMENT_GET_CLASS (self), owner, setting->key, &setting->resolved,
                              error))
    return NULL;

  subject = ef_config_key_describe (owner, setting->key, &setting->resolved);
  if (check_utf8 (text, error))
    substituted = ef_substitute (text, &is_template, error);
  if (is_template)
    setting->template = g_strdup (text);
  if (substituted == NULL || !read_value (self, setting, substituted, error))
    {
      g_prefix_error (error, "%s: ", subject);
      return NULL;
    }

  if (strcmp (setting->resolved.pspec->name, "name") == 0
      && !check_name (self, subject, substituted, error))
    return NULL;

  return g_steal_pointer (&setting);
}

/* A table may be shared, so a changed one is a new one. */
static GHashTable *
copy_table (EfElement *self, const char *property)
{
  g_autoptr (GHashTable) present = NULL;
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, text;

  g_object_get (self, property, &present, NULL);
  if (present == NULL)
    return copy;

  g_hash_table_iter_init (&iter, present);
  while (g_hash_table_iter_next (&iter, &name, &text))
    g_hash_table_insert (copy, g_strdup (name), g_strdup (text));

  return copy;
}

static void
apply_setting (EfElement *self, Setting *setting)
{
  const char *property = setting->resolved.pspec->name;
  const char *entry = setting->resolved.entry;

  set_masked (self, property, entry, setting->template);
  if (entry != NULL)
    {
      g_autoptr (GHashTable) table = copy_table (self, property);

      g_hash_table_insert (table, g_strdup (entry), g_value_dup_string (&setting->value));
      g_object_set (self, property, table, NULL);
      return;
    }

  g_object_set_property (G_OBJECT (self), property, &setting->value);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* That no two keys stand for the same property. */
static gboolean
check_twice (EfElement *self, GPtrArray *settings, Setting *setting, GError **error)
{
  for (guint i = 0; i < settings->len; i++)
    {
      Setting *other = g_ptr_array_index (settings, i);

      if (other->resolved.pspec != setting->resolved.pspec
          || g_strcmp0 (other->resolved.entry, setting->resolved.entry) != 0)
        continue;

      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s: “%s” and “%s” are the same key: give one of them", ef_element_get_name (self),
                   other->key, setting->key);
      return FALSE;
    }

  return TRUE;
}

/**
 * ef_element_configure:
 * @self: an element
 * @config: (element-type utf8 utf8): configuration keys and their values
 * @error: return location for an error
 *
 * Sets properties from text. A key is the name of a property, or that name behind the element's
 * prefix and with dots for dashes: `reconnect-delay-ms` or `websocket.reconnect.delay.ms`. An entry of
 * a table, such as a header, has its name behind the key: `websocket.headers.NAME`. Entries are added
 * to what the table has.
 *
 * Milliseconds may be given as a duration (`1.5s`), sizes with a unit (`64k`, `16MiB`; `MB` and the like
 * count by thousands), enumerations by nick, lists with commas between. `${NAME}` in a value is taken
 * from the environment and `${file:PATH}` from a file, and `$${` stands for itself; what is taken from
 * there is not printed.
 *
 * All keys and values are checked before any is set. The error names the element, the key, the value
 * and what is allowed, or the key that was probably meant.
 *
 * Returns: %TRUE if all are set, %FALSE with an error of the domain %EF_ERROR if none is
 */
gboolean
ef_element_configure (EfElement *self, GHashTable *config, GError **error)
{
  g_autoptr (GPtrArray) settings = NULL;
  g_autofree const char **keys = NULL;
  guint n_keys;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (config != NULL, FALSE);

  settings = g_ptr_array_new_with_free_func ((GDestroyNotify) setting_free);
  keys = (const char **) g_hash_table_get_keys_as_array (config, &n_keys);
  /* So that of several mistakes it is always the same that is told. */
  qsort (keys, n_keys, sizeof *keys, compare_keys);

  for (guint i = 0; i < n_keys; i++)
    {
      g_autoptr (Setting) setting = NULL;

      setting = read_setting (self, keys[i], g_hash_table_lookup (config, keys[i]), error);
      if (setting == NULL || !check_twice (self, settings, setting, error))
        return FALSE;
      g_ptr_array_add (settings, g_steal_pointer (&setting));
    }

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < settings->len; i++)
    apply_setting (self, g_ptr_array_index (settings, i));
  g_object_thaw_notify (G_OBJECT (self));

  return TRUE;
}

/**
 * ef_element_set_from_string:
 * @self: an element
 * @key: a configuration key or the name of a property
 * @value: its text
 * @error: return location for an error
 *
 * Sets one property from text; see [method@EventFlux.Element.configure].
 *
 * Returns: %TRUE if it is set, %FALSE with an error of the domain %EF_ERROR if not
 */
gboolean
ef_element_set_from_string (EfElement *self, const char *key, const char *value, GError **error)
{
  g_autoptr (Setting) setting = NULL;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  setting = read_setting (self, key, value, error);
  if (setting == NULL)
    return FALSE;

  apply_setting (self, setting);

  return TRUE;
}

static gboolean
is_up_to_date (EfElement *self, Setting *setting)
{
  const char *property = setting->resolved.pspec->name;
  g_auto (GValue) present = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (self), property, &present);
  if (setting->resolved.entry == NULL)
    return g_param_values_cmp (setting->resolved.pspec, &present, &setting->value) == 0;

  return g_strcmp0 (g_hash_table_lookup (g_value_get_boxed (&present), setting->resolved.entry),
                    g_value_get_string (&setting->value))
         == 0;
}

/* Takes again what was taken from the environment and from files, which may have changed. @changed tells
 * whether any has. If one can not be read all stay as they are: that is FALSE with an error. It is FALSE
 * without one if nothing was taken from there. */
gboolean
ef_element_refresh_config (EfElement *self, gboolean *changed, GError **error)
{
  GHashTable *masked = get_masked (self);
  g_autoptr (GPtrArray) settings
    = g_ptr_array_new_with_free_func ((GDestroyNotify) setting_free);
  GHashTableIter iter;
  gpointer key, template;

  *changed = FALSE;
  if (masked == NULL || g_hash_table_size (masked) == 0)
    return FALSE;

  g_hash_table_iter_init (&iter, masked);
  while (g_hash_table_iter_next (&iter, &key, &template))
    {
      Setting *setting = read_setting (self, key, template, error);

      if (setting == NULL)
        return FALSE;
      g_ptr_array_add (settings, setting);
    }

  for (guint i = 0; i < settings->len; i++)
    {
      Setting *setting = g_ptr_array_index (settings, i);

      if (is_up_to_date (self, setting))
        continue;
      apply_setting (self, setting);
      *changed = TRUE;
    }

  return TRUE;
}

static char *
print_table (EfElement *self, const char *property, GHashTable *table)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree const char **names = NULL;
  guint n_names;

  names = (const char **) g_hash_table_get_keys_as_array (table, &n_names);
  qsort (names, n_names, sizeof *names, compare_keys);
  for (guint i = 0; i < n_names; i++)
    {
      gboolean masked = is_masked (self, property, names[i]) || ef_redact_is_secret_name (names[i]);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? ", " : "", names[i],
                              masked ? EF_REDACTED
                                     : (const char *) g_hash_table_lookup (table, names[i]));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ef_element_dup_printable_property:
 * @self: an element
 * @property_name: the name of a property
 *
 * Prints the value of a property, for a person. What is secret is masked: properties that are meant
 * for secrets, values that came from the environment or a file, passwords in URLs, and headers such as
 * `Authorization`.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if the property is not set
 */
char *
ef_element_dup_printable_property (EfElement *self, const char *property_name)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;
  GParamSpec *pspec;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);
  g_return_val_if_fail (property_name != NULL, NULL);

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), property_name);
  g_return_val_if_fail (pspec != NULL && (pspec->flags & G_PARAM_READABLE), NULL);

  g_object_get_property (G_OBJECT (self), pspec->name, &value);
  if (ef_config_value_is_table (pspec))
    {
      GHashTable *table = g_value_get_boxed (&value);

      return table != NULL ? print_table (self, pspec->name, table) : NULL;
    }

  text = ef_config_value_print (&value);
  if (text == NULL)
    return NULL;
  if ((pspec->flags & EF_PARAM_SECRET) || is_masked (self, pspec->name, NULL))
    return g_strdup (EF_REDACTED);

  return ef_redact_uri (text);
}

/**
 * ef_element_is_property_default:
 * @self: an element
 * @property_name: the name of a readable property
 *
 * Whether a property is as it is when nobody sets it. A table without entries is.
 *
 * Returns: %TRUE if it has its default
 */
gboolean
ef_element_is_property_default (EfElement *self, const char *property_name)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GParamSpec *pspec;

  g_return_val_if_fail (EF_IS_ELEMENT (self), FALSE);
  g_return_val_if_fail (property_name != NULL, FALSE);

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), property_name);
  g_return_val_if_fail (pspec != NULL && (pspec->flags & G_PARAM_READABLE), FALSE);

  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (self), property_name, &value);
  if (ef_config_value_is_table (pspec))
    return g_value_get_boxed (&value) == NULL || g_hash_table_size (g_value_get_boxed (&value)) == 0;

  return g_param_value_defaults (pspec, &value);
}

static gboolean
is_copied (GParamSpec *pspec)
{
  return (pspec->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE
         && pspec->owner_type != EF_TYPE_ELEMENT;
}

static void
copy_property (EfElement *from, EfElement *to, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  if (ef_config_value_is_table (pspec))
    g_value_take_boxed (&value, copy_table (from, pspec->name));
  else
    g_object_get_property (G_OBJECT (from), pspec->name, &value);

  g_object_set_property (G_OBJECT (to), pspec->name, &value);
}

/**
 * ef_element_clone:
 * @self: an element
 *
 * Makes an element of the same class and configuration. It has a name of its own, no links, no bus and
 * no context, and is %EF_STATE_NULL.
 *
 * Returns: (transfer full): a new element
 */
EfElement *
ef_element_clone (EfElement *self)
{
  g_autofree GParamSpec **pspecs = NULL;
  GHashTable *masked;
  EfElement *clone;
  GHashTableIter iter;
  gpointer property, template;
  guint n_pspecs;

  g_return_val_if_fail (EF_IS_ELEMENT (self), NULL);

  clone = g_object_new (G_OBJECT_TYPE (self), NULL);
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    if (is_copied (pspecs[i]))
      copy_property (self, clone, pspecs[i]);

  ef_element_copy_policy (clone, self);

  masked = get_masked (self);
  if (masked == NULL)
    return clone;

  g_hash_table_iter_init (&iter, masked);
  while (g_hash_table_iter_next (&iter, &property, &template))
    set_masked (clone, property, NULL, template);

  return clone;
}
