/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

typedef struct _EfJsonNode EfJsonNode;

/* A key as it stood in the last object, with its quotes and its colon. A feed sends the same keys in
 * the same order in each message, so the next key is compared with the one that followed last time:
 * 16 bytes at once, with no look at where the key ends, nor a search for it. This takes a quarter of
 * the time that finding a key does. */
typedef struct
{
  guint64 words[2];
  guint64 masks[2];
  EfJsonNode *node;
  gsize length; /* 0 if nothing is remembered */
} EfJsonTrail;

#define EF_JSON_TRAIL_LENGTH 24
#define EF_JSON_TRAIL_KEY 16

/* A place in a message that columns are read from, or that is on the way to such a place. */
struct _EfJsonNode
{
  /* How it is reached: by a key, or by an index if that is NULL. */
  char *key;
  gsize key_length;
  guint index;

  gboolean leaf; /* one column, and nothing else */
  guint n_columns;
  guint *columns;
  gboolean exploded; /* the items of this array become events */

  guint n_keys;
  guint n_indexes;
  EfJsonNode **indexes; /* children by index, in order */
  EfJsonNode **keys;    /* children by key: a hash table with open addresses */
  guint keys_mask;
  EfJsonTrail *trail; /* of objects here, changed as they are read */

  guint64 seen; /* the number of the record this was last found in */
};

/* What a reader looks for in a message: the tree of all paths. */
typedef struct
{
  EfSchema *schema;
  guint n_columns;
  EfColumnType *types;
  EfJsonNode **nodes; /* where each column is read from */

  EfJsonNode *message;
  EfJsonNode *item;     /* what the columns of an exploded item start from, else the message */
  gboolean takes_lists; /* an array is a list of messages, not a message */

  guint n_envelope;
  guint *envelope; /* columns that all items share, as they come from around them */
} EfJsonPlan;

EfJsonPlan *ef_json_plan_new (EfSchema *schema,
                              GHashTable *mapping,
                              const char *explode,
                              GError **error);

void ef_json_plan_free (EfJsonPlan *self);

EfJsonNode *ef_json_node_find_key (const EfJsonNode *self, const char *key, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfJsonPlan, ef_json_plan_free)

G_END_DECLS
