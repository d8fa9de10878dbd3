/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-private.h"

#include "ef-config-key-private.h"
#include "ef-config.h"
#include "ef-located-error-private.h"
#include "ef-suggest-private.h"

/* Makes what a spec says, or nothing. */
typedef struct
{
  EfPipelineSpec *spec;
  EfContext *context;
  EfPipeline *pipeline;
} Builder;

static gboolean
locate (Builder *self, const EfTextLocation *location, GError *located, GError **error)
{
  ef_locate_error (located, ef_pipeline_spec_get_text (self->spec), location);
  g_propagate_error (error, located);

  return FALSE;
}

/* Properties that name elements are set when all elements are there. */
static gboolean
set_property (Builder *self, guint index, guint property, EfElement *element, GError **error)
{
  const EfTextLocation *key_at, *value_at;
  const char *key, *value;
  GError *wrong = NULL;

  key = ef_pipeline_spec_get_property (self->spec, index, property, &value);
  if (ef_config_key_find_element (EF_ELEMENT_GET_CLASS (element), key) != NULL)
    return TRUE;
  if (ef_element_set_from_string (element, key, value, &wrong))
    return TRUE;

  key_at = ef_pipeline_spec_get_property_location (self->spec, index, property, &value_at);

  return locate (self, g_error_matches (wrong, EF_ERROR, EF_ERROR_UNKNOWN_KEY) ? key_at : value_at,
                 wrong, error);
}

static gboolean
add_element (Builder *self, guint index, GError **error)
{
  const EfTextLocation *location = ef_pipeline_spec_get_element_location (self->spec, index);
  const char *kind = ef_pipeline_spec_get_element_factory (self->spec, index);
  const char *name = ef_pipeline_spec_get_element_name (self->spec, index);
  g_autoptr (EfElement) element = NULL;
  GError *wrong = NULL;

  element = ef_context_create_element (self->context, kind, name, &wrong);
  if (element == NULL)
    return locate (self, location, wrong, error);

  for (guint i = 0; i < ef_pipeline_spec_get_n_properties (self->spec, index); i++)
    if (!set_property (self, index, i, element, error))
      return FALSE;

  if (!ef_pipeline_add_element (self->pipeline, element, &wrong))
    return locate (self, location, wrong, error);

  return TRUE;
}

static EfPad *
find_pad (EfElement *element, const char *name, GError **error)
{
  EfPad *pad = ef_element_get_pad (element, name);

  if (pad != NULL)
    return pad;

  if (g_str_equal (name, "sink"))
    g_set_error (
      error, EF_ERROR, EF_ERROR_LINK,
      "“%s” has no pad “sink”: it brings events and takes none, so nothing can be linked "
      "to it",
      ef_element_get_name (element));
  else if (g_str_equal (name, "src"))
    g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                 "“%s” has no pad “src”: it takes events away, so nothing can come behind it",
                 ef_element_get_name (element));
  else
    g_set_error (error, EF_ERROR, EF_ERROR_LINK, "“%s” has no pad “%s”: it has %s%s“errors”",
                 ef_element_get_name (element), name,
                 ef_element_get_sink_pad (element) != NULL ? "“sink”, " : "",
                 ef_element_get_src_pad (element) != NULL ? "“src”, " : "");

  return NULL;
}

static EfElement *
get_element (Builder *self, guint index)
{
  return g_ptr_array_index (self->pipeline->elements, index);
}

static gboolean
add_link (Builder *self, guint link, GError **error)
{
  const char *from_pad, *to_pad;
  EfPad *src, *sink = NULL;
  GError *wrong = NULL;
  guint from, to;

  ef_pipeline_spec_get_link (self->spec, link, &from, &from_pad, &to, &to_pad);
  src = find_pad (get_element (self, from), from_pad, &wrong);
  if (src != NULL)
    sink = find_pad (get_element (self, to), to_pad, &wrong);

  if (sink == NULL || !ef_pad_link (src, sink, &wrong))
    return locate (self, ef_pipeline_spec_get_link_location (self->spec, link), wrong, error);

  return TRUE;
}

static GError *
make_unknown_error (Builder *self, EfElement *element, const char *property, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *hint = NULL;

  for (guint i = 0; i < self->pipeline->elements->len; i++)
    g_ptr_array_add (names, (gpointer) ef_element_get_name (get_element (self, i)));
  g_ptr_array_add (names, NULL);
  hint = ef_suggest_hint (name, (const char *const *) names->pdata);

  return g_error_new (EF_ERROR, EF_ERROR_LINK,
                      "%s: property “%s”: no element of the pipeline is called “%s”%s",
                      ef_element_get_name (element), property, name, hint);
}

/* What users call elements of a type. */
static const char *
describe_kind (GType type)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const char *name = EF_ELEMENT_CLASS (klass)->factory_name;

  return name != NULL ? name : g_type_name (type);
}

static GError *
set_reference (Builder *self,
               EfElement *element,
               GParamSpec *pspec,
               const char *name,
               gpointer data)
{
  EfElement *other = ef_pipeline_get_element (self->pipeline, name);

  if (other == NULL)
    return make_unknown_error (self, element, pspec->name, name);

  if (!g_type_is_a (G_OBJECT_TYPE (other), pspec->value_type))
    return g_error_new (EF_ERROR, EF_ERROR_INVALID_VALUE,
                        "%s: property “%s”: “%s” is no %s", ef_element_get_name (element),
                        pspec->name, name, describe_kind (pspec->value_type));

  g_object_set (element, pspec->name, other, NULL);

  return NULL;
}

typedef GError *(*ReferenceFunc) (Builder *self,
                                  EfElement *element,
                                  GParamSpec *pspec,
                                  const char *name,
                                  gpointer data);

/* Calls @func for each property of the spec that names another element. */
static gboolean
for_each_reference (Builder *self, ReferenceFunc func, gpointer data, GError **error)
{
  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (self->spec); i++)
    for (guint j = 0; j < ef_pipeline_spec_get_n_properties (self->spec, i); j++)
      {
        EfElement *element = get_element (self, i);
        const EfTextLocation *value_at;
        const char *key, *value;
        GParamSpec *pspec;
        GError *wrong;

        key = ef_pipeline_spec_get_property (self->spec, i, j, &value);
        pspec = ef_config_key_find_element (EF_ELEMENT_GET_CLASS (element), key);
        wrong = pspec != NULL ? func (self, element, pspec, value, data) : NULL;
        if (wrong == NULL)
          continue;

        ef_pipeline_spec_get_property_location (self->spec, i, j, &value_at);
        return locate (self, value_at, wrong, error);
      }

  return TRUE;
}

/* Where the text says what dead letters of an element go to. */
static const EfTextLocation *
find_dlq_location (Builder *self, guint index)
{
  const EfTextLocation *location = NULL;

  for (guint i = 0; i < ef_pipeline_spec_get_n_properties (self->spec, index); i++)
    {
      g_autofree char *key = NULL;

      key = g_strdup (ef_pipeline_spec_get_property (self->spec, index, i, NULL));
      if (g_str_has_suffix (g_strdelimit (key, "._", '-'), "error-dlq-stream"))
        ef_pipeline_spec_get_property_location (self->spec, index, i, &location);
    }

  return location;
}

/* Links what is to get the dead letters of an element, if that is named and not linked anyway. */
static gboolean
link_dlq (Builder *self, guint index, GError **error)
{
  EfElement *element = get_element (self, index);
  EfPad *errors = ef_element_get_errors_pad (element);
  g_autofree char *name = NULL;
  GError *wrong = NULL;
  EfPad *sink = NULL;
  EfElement *dead;

  g_object_get (element, "error-dlq-stream", &name, NULL);
  if (name == NULL || ef_pad_get_n_links (errors) > 0)
    return TRUE;

  dead = ef_pipeline_get_element (self->pipeline, name);
  if (dead == NULL)
    wrong = make_unknown_error (self, element, "error-dlq-stream", name);
  else
    sink = find_pad (dead, "sink", &wrong);

  if (sink == NULL || !ef_pad_link (errors, sink, &wrong))
    return locate (self, find_dlq_location (self, index), wrong, error);

  return TRUE;
}

/* The link that brings the second thread to an element. */
static const EfTextLocation *
find_conflict (Builder *self, const EfPipelineConflict *conflict)
{
  for (guint i = 0; i < ef_pipeline_spec_get_n_links (self->spec); i++)
    {
      const char *from_pad, *to_pad;
      guint from, to;

      ef_pipeline_spec_get_link (self->spec, i, &from, &from_pad, &to, &to_pad);
      if (get_element (self, from) == conflict->second &&
          get_element (self, to) == conflict->element)
        return ef_pipeline_spec_get_link_location (self->spec, i);
    }

  for (guint i = 0; i < self->pipeline->elements->len; i++)
    if (get_element (self, i) == conflict->second)
      return find_dlq_location (self, i);

  return NULL;
}

/* Elements that call one another have to be in one thread. */
static GError *
check_reference (Builder *self,
                 EfElement *element,
                 GParamSpec *pspec,
                 const char *name,
                 gpointer data)
{
  EfElement *other = ef_pipeline_get_element (self->pipeline, name);
  EfThreadBoundary *boundary = ef_pipeline_graph_find_node (data, element)->boundary;

  if (boundary == ef_pipeline_graph_find_node (data, other)->boundary)
    return NULL;

  return g_error_new (EF_ERROR, EF_ERROR_LINK,
                      "%s: property “%s”: “%s” runs in another thread: have no queue between them",
                      ef_element_get_name (element), pspec->name, name);
}

static gboolean
check_threads (Builder *self, GError **error)
{
  g_autoptr (EfPipelineGraph) graph = NULL;
  EfPipelineConflict conflict = { NULL };
  GError *wrong = NULL;

  graph = ef_pipeline_graph_new (self->pipeline->elements, &conflict, &wrong);
  if (graph == NULL)
    return locate (self, find_conflict (self, &conflict), wrong, error);

  return for_each_reference (self, check_reference, graph, error);
}

static gboolean
build (Builder *self, GError **error)
{
  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (self->spec); i++)
    if (!add_element (self, i, error))
      return FALSE;

  if (!for_each_reference (self, set_reference, NULL, error))
    return FALSE;

  for (guint i = 0; i < ef_pipeline_spec_get_n_links (self->spec); i++)
    if (!add_link (self, i, error))
      return FALSE;

  for (guint i = 0; i < ef_pipeline_spec_get_n_elements (self->spec); i++)
    if (!link_dlq (self, i, error))
      return FALSE;

  return check_threads (self, error);
}

/**
 * ef_pipeline_new_from_spec:
 * @spec: what the pipeline is to be made of
 * @context: (nullable): what knows the elements, or %NULL for the default one
 * @error: return location for an error
 *
 * Makes the elements of a spec, sets their properties and links them. Nothing is started.
 *
 * It makes all of it or nothing. The message of an error shows the place in the text of the spec
 * with a caret under it, and the nearest name to one that is not known.
 *
 * Errors: %EF_ERROR_UNKNOWN_ELEMENT, %EF_ERROR_UNKNOWN_KEY, %EF_ERROR_INVALID_VALUE for a value
 * that does not fit, %EF_ERROR_LINK for elements that do not fit together or would run in two
 * threads.
 *
 * Returns: (transfer full): the pipeline, or %NULL with @error set
 */
EfPipeline *
ef_pipeline_new_from_spec (EfPipelineSpec *spec, EfContext *context, GError **error)
{
  g_autoptr (EfPipeline) pipeline = NULL;

  g_return_val_if_fail (spec != NULL, NULL);
  g_return_val_if_fail (context == NULL || EF_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  pipeline = ef_pipeline_new ();
  pipeline->spec = ef_pipeline_spec_ref (spec);

  Builder builder = {
    .spec = spec,
    .context = context != NULL ? context : ef_context_get_default (),
    .pipeline = pipeline,
  };

  return build (&builder, error) ? g_steal_pointer (&pipeline) : NULL;
}
