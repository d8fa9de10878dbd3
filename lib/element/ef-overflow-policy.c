/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-enum-types.h"
#include "ef-error.h"
#include "ef-event.h"
#include "ef-json-path.h"
#include "ef-overflow-policy-private.h"
#include "ef-relaxed-private.h"

#include <string.h>

#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

typedef enum
{
  PROPERTY_OVERFLOW,
  PROPERTY_OVERFLOW_KEY,
} EfOverflowProperty;

/* The key of what waits at a place, its bytes in the event. */
typedef struct
{
  EfValue value;
  guint place;
} Key;

struct _EfOverflowPolicy
{
  EfElement *element; /* unowned: it owns this */

  EfOverflow overflow;
  char *key;

  /* The same, as they were when the element went up. */
  EfOverflow active;
  char *column_name; /* NULL if the key is at a path */
  EfJsonPath *path;  /* or NULL */

  /* Of one look at all that waits. */
  GHashTable *seen; /* of Key to itself */
  Key *keys;
  guint n_keys;
  EfSchema *schema; /* of the last event, unowned: the event holds it */
  gint column;

  gboolean overflowing; /* between a drop and the end of its burst */
  guint64 n_burst_events;
  guint64 n_burst_bytes;

  /* Read from any thread. */
  guint64 n_events;
  guint64 n_bytes;
};

/**
 * ef_overflow_policy_new: (skip)
 * @element: the element that it is a part of
 *
 * Makes a policy that blocks.
 *
 * Returns: (transfer full): a new policy
 *
 * Since: 1.0
 */
EfOverflowPolicy *
ef_overflow_policy_new (EfElement *element)
{
  EfOverflowPolicy *self = g_new0 (EfOverflowPolicy, 1);

  self->element = element;

  return self;
}

static void
clear_active (EfOverflowPolicy *self)
{
  g_clear_pointer (&self->column_name, g_free);
  g_clear_pointer (&self->path, ef_json_path_free);
}

/**
 * ef_overflow_policy_free: (skip)
 * @self: (transfer full): a policy
 *
 * Lets go of a policy.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_free (EfOverflowPolicy *self)
{
  ef_overflow_policy_end_look (self);
  g_free (self->key);
  clear_active (self);
  g_free (self);
}

/**
 * ef_overflow_policy_install: (skip)
 * @klass: the class of the element
 * @first_id: the id of the first property
 *
 * Installs the properties `overflow` and `overflow-key`.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_install (GObjectClass *klass, guint first_id)
{
  g_object_class_install_property (
      klass, first_id + PROPERTY_OVERFLOW,
      g_param_spec_enum ("overflow", NULL, "What to do when as much waits as may.",
                         EF_TYPE_OVERFLOW, EF_OVERFLOW_BLOCK, SETTABLE));
  g_object_class_install_property (
      klass, first_id + PROPERTY_OVERFLOW_KEY,
      g_param_spec_string ("overflow-key", NULL,
                           "What latest-by-key tells events apart by: a column, or a path into a message "
                           "such as $.symbol.",
                           NULL, SETTABLE));
}

/**
 * ef_overflow_policy_get_property: (skip)
 * @self: a policy
 * @property: which one, counted from 0
 * @value: return location for the value
 *
 * Gets one of the properties that [func@EventFlux.overflow_policy_install] installed.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_get_property (EfOverflowPolicy *self, guint property, GValue *value)
{
  switch ((EfOverflowProperty) property)
    {
    case PROPERTY_OVERFLOW:
      g_value_set_enum (value, (gint) self->overflow);
      break;
    case PROPERTY_OVERFLOW_KEY:
      g_value_set_string (value, self->key);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * ef_overflow_policy_set_property: (skip)
 * @self: a policy
 * @property: which one, counted from 0
 * @value: the value
 * @pspec: the property
 *
 * Sets one of the properties that [func@EventFlux.overflow_policy_install] installed.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_set_property (EfOverflowPolicy *self,
                                 guint property,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  switch ((EfOverflowProperty) property)
    {
    case PROPERTY_OVERFLOW:
      if (self->overflow == (EfOverflow) g_value_get_enum (value))
        return;
      self->overflow = (EfOverflow) g_value_get_enum (value);
      break;
    case PROPERTY_OVERFLOW_KEY:
      if (g_strcmp0 (self->key, g_value_get_string (value)) == 0)
        return;
      g_free (self->key);
      self->key = g_value_dup_string (value);
      break;
    default:
      g_assert_not_reached ();
    }

  g_object_notify_by_pspec (G_OBJECT (self->element), pspec);
}

static gboolean
prepare_key (EfOverflowPolicy *self, GError **error)
{
  clear_active (self);
  if (*self->key != '$')
    {
      self->column_name = g_strdup (self->key);
      return TRUE;
    }

  self->path = ef_json_path_parse (self->key, error);
  if (self->path == NULL)
    g_prefix_error (error, "%s: overflow-key: ", ef_element_get_name (self->element));

  return self->path != NULL;
}

/**
 * ef_overflow_policy_prepare: (skip)
 * @self: a policy
 * @error: return location for an error
 *
 * Checks the properties when the element goes up, and has them take effect.
 *
 * Returns: %TRUE if they go together
 *
 * Since: 1.0
 */
gboolean
ef_overflow_policy_prepare (EfOverflowPolicy *self, GError **error)
{
  gboolean by_key = self->overflow == EF_OVERFLOW_LATEST_BY_KEY;
  gboolean has_key = self->key != NULL && *self->key != '\0';

  if (by_key == has_key)
    {
      self->active = self->overflow;
      return !by_key || prepare_key (self, error);
    }

  if (by_key)
    g_set_error (error, EF_ERROR, EF_ERROR_MISSING_KEY,
                 "%s: “overflow=latest-by-key” needs “overflow-key”, a column or a path "
                 "that tells events apart",
                 ef_element_get_name (self->element));
  else
    g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                 "%s: “overflow-key=%s” goes with “overflow=latest-by-key” alone",
                 ef_element_get_name (self->element), self->key);

  return FALSE;
}

/**
 * ef_overflow_policy_get_overflow: (skip)
 * @self: a policy
 *
 * The property `overflow`, as it was when the element went up.
 *
 * Returns: what to do when as much waits as may
 *
 * Since: 1.0
 */
EfOverflow
ef_overflow_policy_get_overflow (EfOverflowPolicy *self)
{
  return self->active;
}

/* Keys */

static gboolean
is_text (guint32 type)
{
  return type == EF_COLUMN_STRING || type == EF_COLUMN_BYTES || type == EF_COLUMN_JSON;
}

static guint
key_hash (gconstpointer data)
{
  const EfValue *value = &((const Key *) data)->value;
  guint hash = 5381;

  if (!is_text (value->type))
    return g_int64_hash (&value->v_int);

  for (guint32 i = 0; i < value->length; i++)
    hash = hash * 33 + (guchar) value->v_data[i];

  return hash;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const EfValue *one = &((const Key *) a)->value;
  const EfValue *other = &((const Key *) b)->value;

  if (one->type != other->type)
    return FALSE;
  if (!is_text (one->type))
    return one->v_int == other->v_int;

  return one->length == other->length
         && (one->length == 0 || memcmp (one->v_data, other->v_data, one->length) == 0);
}

/* Where it is in a message, as it is written there. */
static gboolean
find_key (EfOverflowPolicy *self, const char *data, gsize size, EfValue *value)
{
  gsize length = 0;

  value->type = EF_COLUMN_JSON;
  value->v_data = ef_json_path_find (self->path, data, size, &length);
  value->length = (guint32) length;

  return value->v_data != NULL;
}

/* An event without the column, or with NULL there, has no key; nor has one that is no message, if the
 * key is in messages. */
static gboolean
get_key (EfOverflowPolicy *self, EfEvent *event, EfValue *value)
{
  EfSchema *schema = ef_event_get_schema (event);

  if (schema != self->schema)
    {
      self->schema = schema;
      if (self->path != NULL)
        self->column = ef_schema_get_n_columns (schema) == 1 ? 0 : -1;
      else
        self->column = ef_schema_find_column (schema, self->column_name);
    }
  if (self->column < 0)
    return FALSE;

  *value = ef_event_peek_values (event)[self->column];
  if (self->path != NULL)
    return is_text (value->type) && find_key (self, value->v_data, value->length, value);

  return value->type != EF_COLUMN_NULL;
}

/* Looks at the key that was written behind those of before. */
static gint
look_at_next (EfOverflowPolicy *self, guint place)
{
  Key *key = &self->keys[self->n_keys];
  const Key *first = g_hash_table_lookup (self->seen, key);

  if (first != NULL)
    return (gint) first->place;

  key->place = place;
  g_hash_table_add (self->seen, key);
  self->n_keys++;

  return -1;
}

/* The same as ef_overflow_policy_look() for a message that is no event, with a key at a path. */
gint
ef_overflow_policy_look_at_message (EfOverflowPolicy *self,
                                    const char *data,
                                    gsize size,
                                    guint place)
{
  return find_key (self, data, size, &self->keys[self->n_keys].value) ? look_at_next (self, place)
                                                                      : -1;
}

/* Whether the key is at a path of messages, and not a column. */
gboolean
ef_overflow_policy_has_path (EfOverflowPolicy *self)
{
  return self->path != NULL;
}

/**
 * ef_overflow_policy_begin_look: (skip)
 * @self: a policy
 * @n_places: how many events wait
 *
 * Begins a look at all events that wait, for which of them have the same key.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_begin_look (EfOverflowPolicy *self, guint n_places)
{
  ef_overflow_policy_end_look (self);

  self->seen = g_hash_table_new (key_hash, key_equal);
  self->keys = g_new (Key, n_places);
}

/**
 * ef_overflow_policy_look: (skip)
 * @self: a policy
 * @event: an event that waits, which lives until the end of the look
 * @place: where it waits; each place is looked at once
 *
 * Looks at an event.
 *
 * Returns: the first place with an event of the same key, or -1 if this is the first one, or has no
 *   key
 *
 * Since: 1.0
 */
gint
ef_overflow_policy_look (EfOverflowPolicy *self, EfEvent *event, guint place)
{
  return get_key (self, event, &self->keys[self->n_keys].value) ? look_at_next (self, place) : -1;
}

/**
 * ef_overflow_policy_end_look: (skip)
 * @self: a policy
 *
 * Ends a look.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_end_look (EfOverflowPolicy *self)
{
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->keys, g_free);
  self->n_keys = 0;
  self->schema = NULL;
}

/* What was dropped */

static const char *
describe (EfOverflow overflow)
{
  switch (overflow)
    {
    case EF_OVERFLOW_DROP_OLDEST:
      return "what has waited longest is dropped (overflow=drop-oldest)";
    case EF_OVERFLOW_DROP_NEWEST:
      return "what comes is dropped (overflow=drop-newest)";
    case EF_OVERFLOW_LATEST_BY_KEY:
      return "all but the newest of each key is dropped (overflow=latest-by-key)";
    case EF_OVERFLOW_BLOCK:
    default:
      g_assert_not_reached ();
    }
}

/**
 * ef_overflow_policy_dropped: (skip)
 * @self: a policy
 * @n_events: how many events were dropped
 * @n_bytes: how many bytes they had
 *
 * Counts what was dropped, and tells by a warning when a burst begins.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_dropped (EfOverflowPolicy *self, guint n_events, guint64 n_bytes)
{
  g_autoptr (GError) error = NULL;

  ef_relaxed_add (&self->n_events, n_events);
  ef_relaxed_add (&self->n_bytes, n_bytes);
  self->n_burst_events += n_events;
  self->n_burst_bytes += n_bytes;

  if (self->overflowing)
    return;

  self->overflowing = TRUE;
  error = g_error_new (EF_ERROR, EF_ERROR_RESOURCE,
                       "%s: as much waits as may, and %s, until half of it has left",
                       ef_element_get_name (self->element), describe (self->active));
  ef_element_post_warning (self->element, error, NULL);
}

/**
 * ef_overflow_policy_relieved: (skip)
 * @self: a policy
 *
 * Ends a burst, if there is one: half of what may wait has left, or the element goes down. The bus
 * is told how much was dropped by a message `overflow`.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_relieved (EfOverflowPolicy *self)
{
  if (!self->overflowing)
    return;

  ef_element_post_details (self->element, "overflow",
                           g_variant_new_parsed ("{'events': <%t>, 'bytes': <%t>}",
                                                 self->n_burst_events, self->n_burst_bytes));
  self->overflowing = FALSE;
  self->n_burst_events = self->n_burst_bytes = 0;
}

/**
 * ef_overflow_policy_add_stats: (skip)
 * @self: a policy
 * @stats: the element's figures
 *
 * Adds `overflow-events` and `overflow-bytes`, of all that was dropped. May be called from any thread.
 *
 * Since: 1.0
 */
void
ef_overflow_policy_add_stats (EfOverflowPolicy *self, GVariantDict *stats)
{
  g_variant_dict_insert (stats, "overflow-events", "t", ef_relaxed_get (&self->n_events));
  g_variant_dict_insert (stats, "overflow-bytes", "t", ef_relaxed_get (&self->n_bytes));
}
