/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-dead-letter-decode.h"

/*
 * EfDeadLetterDecode:
 *
 * Makes the messages again that dead letters tell of: the element `deadletterdecode`.
 *
 * It takes events with the columns of dead letters, of which `originalEvent` must be there, and gives
 * raw messages, texts or bytes as they were; `errorMessage` says which.
 *
 * It lives in one context, as every element does.
 */

struct _EfDeadLetterDecode
{
  EfTransform parent_instance;

  char *stream;
  char *type;
  GPatternSpec *pattern; /* of the type, NULL for any */

  guint64 n_skipped;     /* atomic */
};

typedef enum
{
  PROP_STREAM = 1,
  PROP_TYPE,
} EfDeadLetterDecodeProperty;

#define N_PROPERTIES (PROP_TYPE + 1)

G_DEFINE_FINAL_TYPE (EfDeadLetterDecode, ef_dead_letter_decode, EF_TYPE_TRANSFORM)

static GParamSpec *properties[N_PROPERTIES];

/* The text of a column, NULL if there is none or it has none. */
static char *
dup_column (EfEvent *event, const char *name)
{
  int column = ef_schema_find_column (ef_event_get_schema (event), name);

  return column >= 0 ? ef_event_dup_string (event, (guint) column) : NULL;
}

static gboolean
is_wanted (EfDeadLetterDecode *self, EfEvent *event)
{
  g_autofree char *stream = NULL;
  g_autofree char *type = NULL;

  if (self->stream != NULL)
    {
      stream = dup_column (event, "streamName");
      if (g_strcmp0 (stream, self->stream) != 0)
        return FALSE;
    }

  if (self->pattern != NULL)
    {
      type = dup_column (event, "errorType");
      if (type == NULL || !g_pattern_spec_match_string (self->pattern, type))
        return FALSE;
    }

  return TRUE;
}

static EfBatch *
ef_dead_letter_decode_transform (EfTransform *transform, EfBatch *batch)
{
  EfDeadLetterDecode *self = EF_DEAD_LETTER_DECODE (transform);
  EfBatch *output = ef_batch_new ();
  guint n_events;
  EfEvent *const *letters = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    {
      g_autoptr (GError) error = NULL;
      EfEvent *message;

      if (!is_wanted (self, letters[i]))
        {
          __atomic_fetch_add (&self->n_skipped, 1, __ATOMIC_RELAXED);
          continue;
        }

      message = ef_dead_letter_get_original (letters[i], &error);
      if (message != NULL)
        ef_batch_append (output, message);
      else if (!ef_element_reject_event (EF_ELEMENT (self), letters[i], error))
        break;
    }

  return output;
}

static void
ef_dead_letter_decode_add_stats (EfElement *element, GVariantDict *stats)
{
  EfDeadLetterDecode *self = EF_DEAD_LETTER_DECODE (element);

  g_variant_dict_insert (stats, "skipped", "t", __atomic_load_n (&self->n_skipped, __ATOMIC_RELAXED));
}

static gboolean
set_text (char **field, const GValue *value)
{
  if (g_strcmp0 (*field, g_value_get_string (value)) == 0)
    return FALSE;

  g_free (*field);
  *field = g_value_dup_string (value);

  return TRUE;
}

static void
update_pattern (EfDeadLetterDecode *self)
{
  g_clear_pointer (&self->pattern, g_pattern_spec_free);
  if (self->type != NULL)
    self->pattern = g_pattern_spec_new (self->type);
}

static void
ef_dead_letter_decode_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfDeadLetterDecode *self = EF_DEAD_LETTER_DECODE (object);

  switch ((EfDeadLetterDecodeProperty) id)
    {
    case PROP_STREAM:
      g_value_set_string (value, self->stream);
      break;
    case PROP_TYPE:
      g_value_set_string (value, self->type);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_dead_letter_decode_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  EfDeadLetterDecode *self = EF_DEAD_LETTER_DECODE (object);
  gboolean changed = FALSE;

  switch ((EfDeadLetterDecodeProperty) id)
    {
    case PROP_STREAM:
      changed = set_text (&self->stream, value);
      break;
    case PROP_TYPE:
      changed = set_text (&self->type, value);
      update_pattern (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_dead_letter_decode_finalize (GObject *object)
{
  EfDeadLetterDecode *self = EF_DEAD_LETTER_DECODE (object);

  g_free (self->stream);
  g_free (self->type);
  g_clear_pointer (&self->pattern, g_pattern_spec_free);

  G_OBJECT_CLASS (ef_dead_letter_decode_parent_class)->finalize (object);
}

static void
ef_dead_letter_decode_class_init (EfDeadLetterDecodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY
                            | EF_PARAM_MUTABLE_PLAYING;

  object_class->get_property = ef_dead_letter_decode_get_property;
  object_class->set_property = ef_dead_letter_decode_set_property;
  object_class->finalize = ef_dead_letter_decode_finalize;
  element_class->add_stats = ef_dead_letter_decode_add_stats;
  EF_TRANSFORM_CLASS (klass)->transform = ef_dead_letter_decode_transform;

  properties[PROP_STREAM] =
    g_param_spec_string ("stream", NULL, "Only dead letters with this streamName; others are skipped",
                         NULL, flags);
  properties[PROP_TYPE] =
    g_param_spec_string ("type", NULL,
                         "Only dead letters with such an errorType, in which * stands for anything; "
                         "others are skipped",
                         NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  ef_element_class_set_metadata (element_class, "deadletterdecode",
                                 "Makes the messages again that dead letters tell of.",
                                 "filesource location=dead.jsonl ! "
                                 "jsondecode schema=\"originalEvent STRING, errorMessage STRING, "
                                 "errorType STRING\" ! "
                                 "deadletterdecode type=ef-error/* ! "
                                 "websocketsink url=ws://localhost:8080/");
  ef_element_class_set_config_prefix (element_class, "deadletter");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_COLUMNS, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_dead_letter_decode_init (EfDeadLetterDecode *self)
{
}
