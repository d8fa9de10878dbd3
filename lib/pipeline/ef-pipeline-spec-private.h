/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-pipeline-spec.h"

G_BEGIN_DECLS

typedef struct
{
  char *key;
  char *value;
  EfTextLocation key_location;
  EfTextLocation value_location;
} EfSpecProperty;

typedef struct
{
  char *factory;
  char *name;
  EfTextLocation location;
  GArray *properties;
} EfSpecElement;

typedef struct
{
  guint from;
  guint to;
  char *from_pad;
  char *to_pad;
  EfTextLocation location;
} EfSpecLink;

struct _EfPipelineSpec
{
  gatomicrefcount ref_count;
  char *text;
  GArray *elements;
  GArray *links;

  /* The name that each element will have, and back. Made when asked for, as a name that is given
   * later takes it away from elements that have none. */
  GPtrArray *names;
  GHashTable *indices;
};

static inline EfSpecElement *
ef_spec_get_element (EfPipelineSpec *self, guint element)
{
  return &g_array_index (self->elements, EfSpecElement, element);
}

static inline EfSpecProperty *
ef_spec_get_property (EfPipelineSpec *self, guint element, guint property)
{
  return &g_array_index (ef_spec_get_element (self, element)->properties, EfSpecProperty, property);
}

static inline EfSpecLink *
ef_spec_get_link (EfPipelineSpec *self, guint link)
{
  return &g_array_index (self->links, EfSpecLink, link);
}

G_END_DECLS
