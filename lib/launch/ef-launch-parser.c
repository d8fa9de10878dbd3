/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-launch.h"

#include "ef-launch-lexer-private.h"
#include "ef-located-error-private.h"
#include "ef-suggest-private.h"

/* One end of a link: an element that stands there, or the name of one. */
typedef struct
{
  gboolean is_reference;
  guint element;
  char *name;
  char *pad;
  EfTextLocation location;
} EndPoint;

typedef struct
{
  EndPoint from;
  EndPoint to;
  EfTextLocation location;
} PendingLink;

/* References may point forward, so links wait until all elements are known. */
typedef struct
{
  EfLaunchLexer lexer;
  EfPipelineSpec *spec;
  GArray *links;

  /* The names given so far, and the places where they were. */
  GHashTable *names;

  /* What the next `!` links from, if anything. */
  gboolean has_last;
  EndPoint last;
  gboolean last_is_linked;

  /* A `!` that has been read and waits for what it leads to. */
  gboolean has_link;
  EfTextLocation link_location;

  /* The element that properties are for, or -1. */
  gint64 open_element;
} Parser;

static void
end_point_clear (EndPoint *end)
{
  g_clear_pointer (&end->name, g_free);
  g_clear_pointer (&end->pad, g_free);
}

static EndPoint
end_point_copy (const EndPoint *end)
{
  EndPoint copy = *end;

  copy.name = g_strdup (end->name);
  copy.pad = g_strdup (end->pad);

  return copy;
}

static void
pending_link_clear (gpointer data)
{
  PendingLink *link = data;

  end_point_clear (&link->from);
  end_point_clear (&link->to);
}

static gboolean G_GNUC_PRINTF (5, 6) fail (Parser *self,
                                           EfError code,
                                           const EfTextLocation *location,
                                           GError **error,
                                           const char *format,
                                           ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  ef_set_located_error (error, code, self->lexer.text, location, "%s", message);

  return FALSE;
}

/* A chain ends where something follows that no `!` leads to. */
static gboolean
end_chain (Parser *self, GError **error)
{
  if (self->has_last && self->last.is_reference && !self->last_is_linked)
    return fail (self, EF_ERROR_SYNTAX, &self->last.location, error,
                 "“%s.%s” is linked to nothing: expected “!” behind it", self->last.name,
                 self->last.pad != NULL ? self->last.pad : "");

  end_point_clear (&self->last);
  self->has_last = FALSE;
  self->last_is_linked = FALSE;

  return TRUE;
}

/* Takes the next element or reference of a chain, linked to the one before if a `!` stands between
 * them. */
static gboolean
add_end_point (Parser *self, EndPoint *end, GError **error)
{
  if (!self->has_link)
    {
      if (!end_chain (self, error))
        {
          end_point_clear (end);
          return FALSE;
        }
    }
  else
    {
      PendingLink link = {
        .from = self->last,
        .to = end_point_copy (end),
        .location = self->link_location,
      };

      g_array_append_val (self->links, link);
      self->last_is_linked = TRUE;
    }

  self->last = *end;
  self->has_last = TRUE;
  self->has_link = FALSE;

  return TRUE;
}

static gboolean
parse_element (Parser *self, EfLaunchToken *token, GError **error)
{
  guint element = ef_pipeline_spec_add_element (self->spec, token->text, NULL, &token->location);
  EndPoint end = { .element = element, .location = token->location };

  self->open_element = element;

  return add_end_point (self, &end, error);
}

static gboolean
parse_reference (Parser *self, EfLaunchToken *token, GError **error)
{
  EndPoint end = {
    .is_reference = TRUE,
    .name = g_strdup (token->text),
    .pad = *token->value != '\0' ? g_strdup (token->value) : NULL,
    .location = token->location,
  };

  self->open_element = -1;

  return add_end_point (self, &end, error);
}

static gboolean
parse_link (Parser *self, EfLaunchToken *token, GError **error)
{
  if (self->has_link)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "expected an element or a reference behind “!”, found another “!”");

  if (!self->has_last)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "expected an element or a reference before “!”");

  if (self->last.is_reference && self->last_is_linked && self->last.pad != NULL)
    return fail (self, EF_ERROR_SYNTAX, &self->last.location, error,
                 "“%s.%s” names a pad, so it can only begin or end a chain; in the middle write "
                 "“%s.”",
                 self->last.name, self->last.pad, self->last.name);

  self->has_link = TRUE;
  self->link_location = token->location;
  self->open_element = -1;

  return TRUE;
}

static gboolean
is_good_name (const char *name)
{
  if (*name == '\0')
    return FALSE;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isalnum (c) && c != '_' && c != '-')
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_name (Parser *self, EfLaunchToken *token, GError **error)
{
  guint element = (guint) self->open_element;
  const EfTextLocation *first;

  if (!is_good_name (token->value))
    return fail (self, EF_ERROR_INVALID_VALUE, &token->value_location, error,
                 "“%s” can not be the name of an element: names are made of letters, digits, “-” "
                 "and “_”",
                 token->value);

  if (ef_pipeline_spec_has_element_name (self->spec, element))
    return fail (self, EF_ERROR_INVALID_VALUE, &token->location, error,
                 "the element has the name “%s” already",
                 ef_pipeline_spec_get_element_name (self->spec, element));

  first = g_hash_table_lookup (self->names, token->value);
  if (first != NULL)
    return fail (self, EF_ERROR_INVALID_VALUE, &token->value_location, error,
                 "the name “%s” is taken, by the element at %u:%u", token->value, first->line,
                 first->column);

  ef_pipeline_spec_set_element_name (self->spec, element, token->value);
  g_hash_table_insert (self->names, g_strdup (token->value),
                       g_memdup2 (ef_pipeline_spec_get_element_location (self->spec, element),
                                  sizeof (EfTextLocation)));

  return TRUE;
}

static gboolean
check_repeated (Parser *self, EfLaunchToken *token, GError **error)
{
  guint element = (guint) self->open_element;

  for (guint i = 0; i < ef_pipeline_spec_get_n_properties (self->spec, element); i++)
    if (g_str_equal (ef_pipeline_spec_get_property (self->spec, element, i, NULL), token->text))
      {
        const EfTextLocation *first;

        first = ef_pipeline_spec_get_property_location (self->spec, element, i, NULL);

        return fail (self, EF_ERROR_INVALID_VALUE, &token->location, error,
                     "“%s” is given a second time, the first is at %u:%u", token->text, first->line,
                     first->column);
      }

  return TRUE;
}

static gboolean
parse_property (Parser *self, EfLaunchToken *token, GError **error)
{
  if (self->has_link)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "expected an element or a reference behind “!”, found the property “%s”",
                 token->text);

  if (!self->has_last)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "expected an element, found the property “%s”", token->text);

  if (self->last.is_reference)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "“%s” can not follow a reference: properties stand behind the element itself",
                 token->text);

  if (g_str_equal (token->text, "name"))
    return parse_name (self, token, error);

  if (!check_repeated (self, token, error))
    return FALSE;

  ef_pipeline_spec_add_property (self->spec, (guint) self->open_element, token->text, token->value,
                                 &token->location, &token->value_location);

  return TRUE;
}

static gboolean
parse_end (Parser *self, EfLaunchToken *token, GError **error)
{
  if (self->has_link)
    return fail (self, EF_ERROR_SYNTAX, &self->link_location, error,
                 "expected an element or a reference behind “!”, found the end");

  if (!end_chain (self, error))
    return FALSE;

  if (ef_pipeline_spec_get_n_elements (self->spec) == 0 && self->links->len == 0)
    return fail (self, EF_ERROR_SYNTAX, &token->location, error,
                 "the description is empty: expected an element");

  return TRUE;
}

static gboolean
parse_token (Parser *self, EfLaunchToken *token, GError **error)
{
  switch (token->kind)
    {
    case EF_LAUNCH_TOKEN_LINK:
      return parse_link (self, token, error);
    case EF_LAUNCH_TOKEN_NAME:
      return parse_element (self, token, error);
    case EF_LAUNCH_TOKEN_REFERENCE:
      return parse_reference (self, token, error);
    case EF_LAUNCH_TOKEN_PROPERTY:
      return parse_property (self, token, error);
    case EF_LAUNCH_TOKEN_END:
      return parse_end (self, token, error);
    }

  g_assert_not_reached ();
}

static gboolean
parse_tokens (Parser *self, GError **error)
{
  EfLaunchTokenKind kind;

  do
    {
      g_auto (EfLaunchToken) token = { 0 };

      if (!ef_launch_lexer_next (&self->lexer, &token, error) || !parse_token (self, &token, error))
        return FALSE;
      kind = token.kind;
    }
  while (kind != EF_LAUNCH_TOKEN_END);

  return TRUE;
}

static gboolean
resolve (Parser *self, EndPoint *end, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autofree char *hint = NULL;

  if (!end->is_reference || ef_pipeline_spec_find_element (self->spec, end->name, &end->element))
    return TRUE;

  names = g_ptr_array_new ();
  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (self->spec); i++)
    g_ptr_array_add (names, (gpointer) ef_pipeline_spec_get_element_name (self->spec, i));
  g_ptr_array_add (names, NULL);
  hint = ef_suggest_hint (end->name, (const char *const *) names->pdata);

  return fail (self, EF_ERROR_LINK, &end->location, error, "no element has the name “%s”%s",
               end->name, hint);
}

static gboolean
resolve_links (Parser *self, GError **error)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      PendingLink *link = &g_array_index (self->links, PendingLink, i);

      if (!resolve (self, &link->from, error) || !resolve (self, &link->to, error))
        return FALSE;

      ef_pipeline_spec_add_link (self->spec, link->from.element, link->from.pad, link->to.element,
                                 link->to.pad, &link->location);
    }

  return TRUE;
}

/**
 * ef_pipeline_spec_new_from_description:
 * @description: a pipeline in the launch language
 * @error: return location for an error
 *
 * Parses a description of a pipeline, such as
 *
 * ```
 * websocketsource url=wss://feed.example/ws ! jsondecode schema="s STRING, p DOUBLE" ! consolesink
 * ```
 *
 * - An element is the name of its factory, followed by properties `key=value` without blanks around
 *   the `=`. `!` links it to what follows. A description may hold several chains.
 * - `name=x` names an element. `x.` refers to it from anywhere, before or behind, and `x.errors` to
 *   its pad `errors`. An element without a name is called after its factory: `jsondecode0`,
 *   `jsondecode1`…
 * - Quotes, backslashes and `#` comments are those of a shell. Newlines are blanks.
 *
 * No element is made, and neither the elements nor their properties are looked up. The message of
 * an error shows the place with a caret under it.
 *
 * Errors: %EF_ERROR_SYNTAX for what does not parse, %EF_ERROR_INVALID_VALUE for a name or property
 * given twice, %EF_ERROR_LINK for a reference to no element.
 *
 * Returns: (transfer full): the spec, or %NULL with @error set
 */
EfPipelineSpec *
ef_pipeline_spec_new_from_description (const char *description, GError **error)
{
  g_autoptr (EfPipelineSpec) spec = NULL;
  g_autoptr (GArray) links = NULL;
  g_autoptr (GHashTable) names = NULL;
  const char *bad;
  gboolean parsed;

  g_return_val_if_fail (description != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_utf8_validate (description, -1, &bad))
    {
      EfTextLocation location;

      ef_text_location_init (&location, description, (gsize) (bad - description));
      ef_set_located_error (error, EF_ERROR_SYNTAX, description, &location,
                            "the description is not UTF-8 here");
      return NULL;
    }

  spec = ef_pipeline_spec_new (description);
  links = g_array_new (FALSE, FALSE, sizeof (PendingLink));
  g_array_set_clear_func (links, pending_link_clear);
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  Parser parser = { .spec = spec, .links = links, .names = names, .open_element = -1 };

  ef_launch_lexer_init (&parser.lexer, description);
  parsed = parse_tokens (&parser, error) && resolve_links (&parser, error);
  end_point_clear (&parser.last);

  return parsed ? g_steal_pointer (&spec) : NULL;
}

/**
 * ef_pipeline_new_from_description: (constructor)
 * @description: a pipeline in the launch language
 * @context: (nullable): what knows the elements, or %NULL for the default one
 * @error: return location for an error
 *
 * Makes a pipeline from a description: parses it, see
 * [ctor@EventFlux.PipelineSpec.new_from_description], and makes what it says, see
 * [ctor@EventFlux.Pipeline.new_from_spec].
 *
 * Returns: (transfer full): the pipeline, or %NULL with @error set
 */
EfPipeline *
ef_pipeline_new_from_description (const char *description, EfContext *context, GError **error)
{
  g_autoptr (EfPipelineSpec) spec = NULL;

  g_return_val_if_fail (description != NULL, NULL);
  g_return_val_if_fail (context == NULL || EF_IS_CONTEXT (context), NULL);

  spec = ef_pipeline_spec_new_from_description (description, error);

  return spec != NULL ? ef_pipeline_new_from_spec (spec, context, error) : NULL;
}
