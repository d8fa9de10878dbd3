/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config-value-private.h"
#include "ef-duration.h"
#include "ef-element.h"
#include "ef-error.h"
#include "ef-suggest-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The text of a property's value, read as its GParamSpec says. Each parser gets the text and what
 * errors are to show of it, which differs where the text is a secret. */

typedef struct
{
  gint64 min;
  guint64 max;
} Range;

static const struct
{
  const char *name;
  guint64 factor;
} size_units[] = {
  { "", 1 },
  { "b", 1 },
  { "k", 1 << 10 },
  { "ki", 1 << 10 },
  { "kib", 1 << 10 },
  { "kb", 1000 },
  { "m", 1 << 20 },
  { "mi", 1 << 20 },
  { "mib", 1 << 20 },
  { "mb", 1000000 },
  { "g", 1 << 30 },
  { "gi", 1 << 30 },
  { "gib", 1 << 30 },
  { "gb", 1000000000 },
};

gboolean
ef_config_value_is_table (GParamSpec *pspec)
{
  return pspec->value_type == G_TYPE_HASH_TABLE;
}

static gboolean
is_integer (GType type)
{
  return type == G_TYPE_INT || type == G_TYPE_UINT || type == G_TYPE_INT64 || type == G_TYPE_UINT64;
}

/* Whether the property is another element, whose name is its text. */
gboolean
ef_config_value_is_element (GParamSpec *pspec)
{
  return g_type_is_a (pspec->value_type, EF_TYPE_ELEMENT);
}

/* Whether the property can be given as text at all. */
gboolean
ef_config_value_is_textual (GParamSpec *pspec)
{
  GType type = pspec->value_type;

  return is_integer (type) || type == G_TYPE_BOOLEAN || type == G_TYPE_FLOAT || type == G_TYPE_DOUBLE
         || type == G_TYPE_STRING || type == G_TYPE_STRV || type == G_TYPE_BYTES
         || type == EF_TYPE_SCHEMA || type == G_TYPE_HASH_TABLE || G_TYPE_IS_ENUM (type)
         || G_TYPE_IS_FLAGS (type) || ef_config_value_is_element (pspec);
}

static gboolean
fail (GError **error, const char *shown, const char *what)
{
  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "“%s” %s", shown, what);

  return FALSE;
}

static Range
get_range (GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_INT (pspec))
    return (Range) { G_PARAM_SPEC_INT (pspec)->minimum, (guint64) G_PARAM_SPEC_INT (pspec)->maximum };
  if (G_IS_PARAM_SPEC_UINT (pspec))
    return (Range) { G_PARAM_SPEC_UINT (pspec)->minimum, G_PARAM_SPEC_UINT (pspec)->maximum };
  if (G_IS_PARAM_SPEC_INT64 (pspec))
    return (Range) { G_PARAM_SPEC_INT64 (pspec)->minimum,
                     (guint64) G_PARAM_SPEC_INT64 (pspec)->maximum };

  /* No element has a property whose least value is beyond what a gint64 holds. */
  return (Range) { (gint64) G_PARAM_SPEC_UINT64 (pspec)->minimum,
                   G_PARAM_SPEC_UINT64 (pspec)->maximum };
}

static gboolean
fail_range (GError **error, const char *shown, GParamSpec *pspec)
{
  Range range = get_range (pspec);

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
               "%s is out of range, allowed are %" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT, shown,
               range.min, range.max);

  return FALSE;
}

/* Sets an integer of sign and magnitude, if the property's range has it. */
static gboolean
set_integer (GValue *value,
             GParamSpec *pspec,
             gboolean negative,
             guint64 magnitude,
             const char *shown,
             GError **error)
{
  Range range = get_range (pspec);
  gint64 number;

  if (negative && magnitude > 0)
    {
      if (magnitude > (guint64) G_MAXINT64 || range.min >= 0 || -(gint64) magnitude < range.min)
        return fail_range (error, shown, pspec);
    }
  else if (magnitude > range.max || (range.min > 0 && magnitude < (guint64) range.min))
    {
      return fail_range (error, shown, pspec);
    }

  number = negative ? -(gint64) magnitude : (gint64) magnitude;
  if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, (int) number);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, (guint) magnitude);
  else if (G_VALUE_HOLDS_INT64 (value))
    g_value_set_int64 (value, number);
  else
    g_value_set_uint64 (value, magnitude);

  return TRUE;
}

/* Reads an integer. @too_large tells that no guint64 holds it. */
static gboolean
read_integer (const char *text, gboolean *negative, guint64 *magnitude, gboolean *too_large)
{
  *negative = *text == '-';
  if (*text == '-' || *text == '+')
    text++;
  if (!g_ascii_isdigit (*text))
    return FALSE;

  *magnitude = 0;
  *too_large = FALSE;
  for (; g_ascii_isdigit (*text); text++)
    {
      guint64 digit = (guint64) (*text - '0');

      *too_large |= *magnitude > (G_MAXUINT64 - digit) / 10;
      *magnitude = *magnitude * 10 + digit;
    }

  return *text == '\0';
}

static gboolean
parse_plain_integer (GValue *value,
                     GParamSpec *pspec,
                     const char *text,
                     const char *shown,
                     const char *what,
                     GError **error)
{
  gboolean negative, too_large;
  guint64 magnitude;

  if (!read_integer (text, &negative, &magnitude, &too_large))
    return fail (error, shown, what);
  if (too_large)
    return fail_range (error, shown, pspec);

  return set_integer (value, pspec, negative, magnitude, shown, error);
}

static gboolean
parse_milliseconds (GValue *value,
                    GParamSpec *pspec,
                    const char *text,
                    const char *shown,
                    GError **error)
{
  static const char what[] = "is neither a number of milliseconds nor a duration such as “1.5s”";
  gint64 duration;

  if (!g_ascii_isalpha (text[strlen (text) > 0 ? strlen (text) - 1 : 0]))
    return parse_plain_integer (value, pspec, text, shown, what, error);

  if (!ef_duration_parse (text, &duration, NULL))
    return fail (error, shown, what);
  if (duration % 1000 != 0)
    return fail (error, shown, "is no whole number of milliseconds");

  return set_integer (value, pspec, FALSE, (guint64) (duration / 1000), shown, error);
}

static gboolean
parse_size (GValue *value, GParamSpec *pspec, const char *text, const char *shown, GError **error)
{
  static const char what[] = "is no number of bytes such as 65536, “64k” or “16MiB”";
  char *end = NULL;
  double number;

  if (!g_ascii_isdigit (*text) || g_str_has_prefix (text, "0x"))
    return parse_plain_integer (value, pspec, text, shown, what, error);
  if (text[strspn (text, "0123456789")] == '\0')
    return parse_plain_integer (value, pspec, text, shown, what, error);

  number = g_ascii_strtod (text, &end);
  while (*end == ' ')
    end++;
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++)
    if (g_ascii_strcasecmp (size_units[i].name, end) == 0)
      {
        double size = number * (double) size_units[i].factor;

        if (size != floor (size))
          return fail (error, shown, "is no whole number of bytes");
        /* 2^53: up to there a double is exact, and no size is larger. */
        if (size > 9007199254740992.0)
          return fail_range (error, shown, pspec);
        return set_integer (value, pspec, FALSE, (guint64) size, shown, error);
      }

  return fail (error, shown, what);
}

static gboolean
is_size (GParamSpec *pspec)
{
  return g_str_has_suffix (pspec->name, "-bytes") || g_str_has_suffix (pspec->name, "-size");
}

static gboolean
parse_integer (GValue *value,
               GParamSpec *pspec,
               const char *text,
               const char *shown,
               GError **error)
{
  if (pspec->flags & EF_PARAM_MILLISECONDS)
    return parse_milliseconds (value, pspec, text, shown, error);
  if (is_size (pspec))
    return parse_size (value, pspec, text, shown, error);

  return parse_plain_integer (value, pspec, text, shown, "is no whole number", error);
}

static gboolean
parse_boolean (GValue *value, const char *text, const char *shown, GError **error)
{
  static const char *const words[][2] = {
    { "false", "true" }, { "no", "yes" }, { "off", "on" }, { "0", "1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    for (int truth = 0; truth < 2; truth++)
      if (g_ascii_strcasecmp (text, words[i][truth]) == 0)
        {
          g_value_set_boolean (value, truth);
          return TRUE;
        }

  return fail (error, shown, "is neither true nor false");
}

static gboolean
parse_number (GValue *value,
              GParamSpec *pspec,
              const char *text,
              const char *shown,
              GError **error)
{
  gboolean is_float = G_VALUE_HOLDS_FLOAT (value);
  double min = is_float ? G_PARAM_SPEC_FLOAT (pspec)->minimum : G_PARAM_SPEC_DOUBLE (pspec)->minimum;
  double max = is_float ? G_PARAM_SPEC_FLOAT (pspec)->maximum : G_PARAM_SPEC_DOUBLE (pspec)->maximum;
  char *end = NULL;
  double number;

  /* g_ascii_strtod() knows hexadecimal numbers, infinities and more that nobody means. */
  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return fail (error, shown, "is no number");

  number = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0')
    return fail (error, shown, "is no number");

  if (number < min || number > max || isinf (number))
    {
      char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s is out of range, allowed are %s to %s", shown,
                   g_ascii_formatd (low, sizeof low, "%g", min),
                   g_ascii_formatd (high, sizeof high, "%g", max));
      return FALSE;
    }

  if (is_float)
    g_value_set_float (value, (float) number);
  else
    g_value_set_double (value, number);

  return TRUE;
}

static gboolean
fail_word (GError **error, const char *shown, const char *word, const char *const *words)
{
  g_autofree char *allowed = g_strjoinv (", ", (char **) words);
  g_autofree char *hint = ef_suggest_hint (word, words);

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "“%s” is not one of %s%s", shown, allowed,
               hint);

  return FALSE;
}

static gboolean
parse_enum (GValue *value, GParamSpec *pspec, const char *text, const char *shown, GError **error)
{
  GEnumClass *klass = G_PARAM_SPEC_ENUM (pspec)->enum_class;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) nicks = NULL;

  for (guint i = 0; i < klass->n_values; i++)
    {
      if (g_ascii_strcasecmp (klass->values[i].value_nick, text) == 0)
        {
          g_value_set_enum (value, klass->values[i].value);
          return TRUE;
        }
      g_strv_builder_add (words, klass->values[i].value_nick);
    }

  nicks = g_strv_builder_end (words);

  return fail_word (error, shown, shown, (const char *const *) nicks);
}

static const GFlagsValue *
find_flag (GFlagsClass *klass, const char *nick)
{
  for (guint i = 0; i < klass->n_values; i++)
    if (g_ascii_strcasecmp (klass->values[i].value_nick, nick) == 0)
      return &klass->values[i];

  return NULL;
}

/* Nicks with a plus or a comma between. */
static gboolean
parse_flags (GValue *value, GParamSpec *pspec, const char *text, const char *shown, GError **error)
{
  GFlagsClass *klass = G_PARAM_SPEC_FLAGS (pspec)->flags_class;
  g_auto (GStrv) given = g_strsplit_set (text, "+,", -1);
  guint flags = 0;

  for (guint i = 0; given[i] != NULL; i++)
    {
      const GFlagsValue *flag = find_flag (klass, g_strstrip (given[i]));
      g_autoptr (GStrvBuilder) words = NULL;
      g_auto (GStrv) nicks = NULL;

      if (flag != NULL)
        {
          flags |= flag->value;
          continue;
        }
      if (*text == '\0')
        break;

      words = g_strv_builder_new ();
      for (guint j = 0; j < klass->n_values; j++)
        g_strv_builder_add (words, klass->values[j].value_nick);
      nicks = g_strv_builder_end (words);
      return fail_word (error, strcmp (text, shown) == 0 ? given[i] : shown, shown,
                        (const char *const *) nicks);
    }

  g_value_set_flags (value, flags);

  return TRUE;
}

static void
parse_words (GValue *value, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);

  g_value_set_boxed (value, words);
}

static gboolean
parse_schema (GValue *value, const char *text, const char *shown, GError **error)
{
  g_autoptr (GError) syntax_error = NULL;
  EfSchema *schema = ef_schema_parse (text, &syntax_error);

  if (schema == NULL && strcmp (text, shown) != 0)
    return fail (error, shown, "is no list of columns such as “s STRING, p DOUBLE”");
  if (schema == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&syntax_error));
      return FALSE;
    }

  g_value_take_boxed (value, schema);

  return TRUE;
}

/* Reads @text into @value, which gets the type of the property. Errors show @shown instead of it. */
gboolean
ef_config_value_parse (GValue *value,
                       GParamSpec *pspec,
                       const char *text,
                       const char *shown,
                       GError **error)
{
  GType type = pspec->value_type;

  g_value_init (value, type);

  if (is_integer (type))
    return parse_integer (value, pspec, text, shown, error);
  if (type == G_TYPE_BOOLEAN)
    return parse_boolean (value, text, shown, error);
  if (type == G_TYPE_FLOAT || type == G_TYPE_DOUBLE)
    return parse_number (value, pspec, text, shown, error);
  if (G_TYPE_IS_ENUM (type))
    return parse_enum (value, pspec, text, shown, error);
  if (G_TYPE_IS_FLAGS (type))
    return parse_flags (value, pspec, text, shown, error);
  if (type == EF_TYPE_SCHEMA)
    return parse_schema (value, text, shown, error);
  if (ef_config_value_is_element (pspec))
    return fail (error, shown, "is the name of an element, which only the description of a pipeline "
                               "can give: a program sets the element itself");

  if (type == G_TYPE_STRING)
    g_value_set_string (value, text);
  else if (type == G_TYPE_BYTES)
    g_value_take_boxed (value, g_bytes_new (text, strlen (text)));
  else
    parse_words (value, text);

  return TRUE;
}

static char *
print_flags (const GValue *value)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  g_autoptr (GString) text = g_string_new (NULL);
  guint flags = g_value_get_flags (value);
  GFlagsClass *flags_class = (GFlagsClass *) klass;

  for (guint i = 0; i < flags_class->n_values; i++)
    {
      const GFlagsValue *flag = &flags_class->values[i];

      if (flag->value != 0 && (flags & flag->value) == flag->value)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "+" : "", flag->value_nick);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
print_enum (const GValue *value)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  GEnumValue *found = g_enum_get_value ((GEnumClass *) klass, g_value_get_enum (value));

  return g_strdup (found != NULL ? found->value_nick : "");
}

static char *
print_boxed (const GValue *value)
{
  gpointer boxed = g_value_get_boxed (value);

  if (boxed == NULL)
    return NULL;
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return g_strjoinv (",", boxed);
  if (G_VALUE_HOLDS (value, EF_TYPE_SCHEMA))
    return ef_schema_to_string (boxed);
  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return g_strdup_printf ("(%" G_GSIZE_FORMAT " bytes)", g_bytes_get_size (boxed));

  return g_strdup_value_contents (value);
}

/* The text that ef_config_value_parse() reads back, where there is one. %NULL for a value that is not
 * set. Tables are not for here. */
char *
ef_config_value_print (const GValue *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  GType type = G_VALUE_TYPE (value);

  if (type == G_TYPE_STRING)
    return g_value_dup_string (value);
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (g_value_get_boolean (value) ? "true" : "false");
  if (type == G_TYPE_INT)
    return g_strdup_printf ("%d", g_value_get_int (value));
  if (type == G_TYPE_UINT)
    return g_strdup_printf ("%u", g_value_get_uint (value));
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, g_value_get_int64 (value));
  if (type == G_TYPE_UINT64)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, g_value_get_uint64 (value));
  if (type == G_TYPE_FLOAT)
    return g_strdup (
      g_ascii_formatd (number, sizeof number, "%.9g", (double) g_value_get_float (value)));
  if (type == G_TYPE_DOUBLE)
    return g_strdup (g_ascii_dtostr (number, sizeof number, g_value_get_double (value)));
  if (G_TYPE_IS_ENUM (type))
    return print_enum (value);
  if (G_TYPE_IS_FLAGS (type))
    return print_flags (value);
  if (G_TYPE_IS_BOXED (type))
    return print_boxed (value);
  if (G_TYPE_IS_OBJECT (type) && g_value_get_object (value) == NULL)
    return NULL;
  if (g_type_is_a (type, EF_TYPE_ELEMENT))
    return g_strdup (ef_element_get_name (g_value_get_object (value)));

  return g_strdup_value_contents (value);
}
