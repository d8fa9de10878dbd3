/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-timer-source.h"

#include "ef-template.h"

/*
 * EfTimerSource:
 *
 * Makes events at a steady pace: the element `timersource`.
 *
 * Each tick makes `batch` events, the first one at the start. An event has the columns `sequence
 * LONG` and `timestamp LONG` (microseconds since the epoch), or, with a `template`, is the text
 * message that comes of filling in what stands in double braces:
 *
 * | placeholder | filled in |
 * |---|---|
 * | `{{sequence}}` | the number of the event |
 * | `{{timestamp}}` | its time in microseconds since the epoch |
 * | `{{milliseconds}}` | the same in milliseconds |
 * | `{{random:LOW:HIGH}}` | an integer, both ends included |
 * | `{{pick:A\|B\|C}}` | one of the texts |
 *
 * What is random is the same in each run with the same `seed`.
 *
 * Ticks do not drift. Those that fall into a time when the output is held are made up for when the
 * hold ends, so that no number is missing. A pause begins the pace anew. Time is that of the
 * element's clock.
 */

struct _EfTimerSource
{
  EfSource parent_instance;

  guint interval_ms;
  gint64 count;
  guint batch;
  gint64 start;
  char *template;
  guint seed;

  EfEventBuilder *builder;
  EfTemplate *parsed;     /* NULL without a template */
  GString *text;
  GRand *random;
  gint64 n_made;
  gint64 due;             /* when the next tick is, on the clock */
  GSource *tick;          /* that waits for it */
  gboolean playing;
  gboolean ended;
};

typedef enum
{
  PROP_INTERVAL_MS = 1,
  PROP_COUNT,
  PROP_BATCH,
  PROP_START,
  PROP_TEMPLATE,
  PROP_SEED,
} EfTimerSourceProperty;

#define N_PROPERTIES (PROP_SEED + 1)

#define DEFAULT_INTERVAL_MS 1000
#define DEFAULT_SEED 1

G_DEFINE_FINAL_TYPE (EfTimerSource, ef_timer_source, EF_TYPE_SOURCE)

static GParamSpec *properties[N_PROPERTIES];

static gboolean
has_more (EfTimerSource *self)
{
  return self->count < 0 || self->n_made < self->count;
}

static EfEvent *
make_event (EfTimerSource *self, gint64 now)
{
  gint64 sequence = self->start + self->n_made++;

  ef_event_builder_begin (self->builder, now);
  if (self->parsed == NULL)
    {
      ef_event_builder_set_int64 (self->builder, 0, sequence);
      ef_event_builder_set_int64 (self->builder, 1, now);
    }
  else
    {
      g_string_truncate (self->text, 0);
      ef_template_expand (self->parsed, sequence, now, self->random, self->text);
      ef_event_builder_set_string (self->builder, 0, self->text->str, (gssize) self->text->len);
    }

  return ef_event_builder_end (self->builder);
}

static void
push_tick (EfTimerSource *self)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();
  gint64 now = ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self)));

  for (guint i = 0; i < self->batch && has_more (self); i++)
    ef_batch_append (batch, make_event (self, now));
  ef_event_builder_flush (self->builder);

  ef_element_push (EF_ELEMENT (self), batch);
}

static void schedule (EfTimerSource *self);

/* A handler may pause or stop the source while it pushes. */
static gboolean
on_tick (gpointer user_data)
{
  g_autoptr (EfTimerSource) self = g_object_ref (user_data);

  g_clear_pointer (&self->tick, g_source_unref);
  if (ef_element_is_output_held (EF_ELEMENT (self)))
    return G_SOURCE_REMOVE;

  if (has_more (self))
    {
      self->due += (gint64) self->interval_ms * 1000;
      push_tick (self);
    }

  if (has_more (self))
    {
      schedule (self);
    }
  else if (self->playing && !self->ended)
    {
      self->ended = TRUE;
      ef_source_end (EF_SOURCE (self));
    }

  return G_SOURCE_REMOVE;
}

/* Waits for the next tick, or goes on with one that could not be made in time. */
static void
schedule (EfTimerSource *self)
{
  EfElement *element = EF_ELEMENT (self);
  EfClock *clock = ef_element_get_clock (element);
  gint64 delay = self->due - ef_clock_get_time (clock);

  if (!self->playing || self->ended || self->tick != NULL || ef_element_is_output_held (element))
    return;

  self->tick = ef_clock_create_timeout (clock, MAX (delay, 0));
  g_source_set_static_name (self->tick, "[EventFlux] timersource tick");
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, ef_element_get_context (element));
}

static EfSchema *
make_schema (EfTimerSource *self)
{
  return self->parsed != NULL ? ef_schema_ref (ef_schema_get_text_payload ())
                              : ef_schema_parse ("sequence LONG, timestamp LONG", NULL);
}

static gboolean
ef_timer_source_prepare (EfElement *element, GError **error)
{
  EfTimerSource *self = EF_TIMER_SOURCE (element);
  g_autoptr (EfSchema) schema = NULL;

  if (self->template != NULL)
    {
      self->parsed = ef_template_new (self->template, error);
      if (self->parsed == NULL)
        return FALSE;
    }

  schema = make_schema (self);
  self->builder = ef_event_builder_new (schema);
  self->random = g_rand_new_with_seed (self->seed);
  self->n_made = 0;
  self->ended = FALSE;

  return TRUE;
}

static void
ef_timer_source_play (EfElement *element)
{
  EfTimerSource *self = EF_TIMER_SOURCE (element);

  self->playing = TRUE;
  self->due = ef_clock_get_time (ef_element_get_clock (element));
  schedule (self);
}

static void
ef_timer_source_pause (EfElement *element)
{
  EfTimerSource *self = EF_TIMER_SOURCE (element);

  self->playing = FALSE;
  if (self->tick == NULL)
    return;

  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
}

static void
ef_timer_source_output_held (EfElement *element, gboolean held)
{
  if (!held)
    schedule (EF_TIMER_SOURCE (element));
}

static void
ef_timer_source_unprepare (EfElement *element)
{
  EfTimerSource *self = EF_TIMER_SOURCE (element);

  g_clear_pointer (&self->parsed, ef_template_free);
  g_clear_pointer (&self->builder, ef_event_builder_unref);
  g_clear_pointer (&self->random, g_rand_free);
}

static void
ef_timer_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfTimerSource *self = EF_TIMER_SOURCE (object);

  switch ((EfTimerSourceProperty) id)
    {
    case PROP_INTERVAL_MS:
      g_value_set_uint (value, self->interval_ms);
      break;
    case PROP_COUNT:
      g_value_set_int64 (value, self->count);
      break;
    case PROP_BATCH:
      g_value_set_uint (value, self->batch);
      break;
    case PROP_START:
      g_value_set_int64 (value, self->start);
      break;
    case PROP_TEMPLATE:
      g_value_set_string (value, self->template);
      break;
    case PROP_SEED:
      g_value_set_uint (value, self->seed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
set_uint (guint *field, const GValue *value)
{
  gboolean changed = *field != g_value_get_uint (value);

  *field = g_value_get_uint (value);

  return changed;
}

static gboolean
set_int64 (gint64 *field, const GValue *value)
{
  gboolean changed = *field != g_value_get_int64 (value);

  *field = g_value_get_int64 (value);

  return changed;
}

static gboolean
set_string (char **field, const GValue *value)
{
  if (g_strcmp0 (*field, g_value_get_string (value)) == 0)
    return FALSE;

  g_free (*field);
  *field = g_value_dup_string (value);

  return TRUE;
}

static void
ef_timer_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfTimerSource *self = EF_TIMER_SOURCE (object);
  gboolean changed = FALSE;

  switch ((EfTimerSourceProperty) id)
    {
    case PROP_INTERVAL_MS:
      changed = set_uint (&self->interval_ms, value);
      break;
    case PROP_COUNT:
      changed = set_int64 (&self->count, value);
      break;
    case PROP_BATCH:
      changed = set_uint (&self->batch, value);
      break;
    case PROP_START:
      changed = set_int64 (&self->start, value);
      break;
    case PROP_TEMPLATE:
      changed = set_string (&self->template, value);
      break;
    case PROP_SEED:
      changed = set_uint (&self->seed, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }

  if (changed)
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_timer_source_finalize (GObject *object)
{
  EfTimerSource *self = EF_TIMER_SOURCE (object);

  g_string_free (self->text, TRUE);
  g_free (self->template);

  G_OBJECT_CLASS (ef_timer_source_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_INTERVAL_MS] =
    g_param_spec_uint ("interval-ms", NULL,
                       "Milliseconds between ticks; with 0 one follows the other", 0, G_MAXUINT,
                       DEFAULT_INTERVAL_MS,
                       flags | EF_PARAM_MILLISECONDS | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_COUNT] =
    g_param_spec_int64 ("count", NULL, "How many events to make before the end, or -1 for no end",
                        -1, G_MAXINT64, -1, flags);

  properties[PROP_BATCH] = g_param_spec_uint ("batch", NULL, "How many events a tick makes", 1,
                                              100000, 1, flags | EF_PARAM_MUTABLE_PLAYING);

  properties[PROP_START] =
    g_param_spec_int64 ("start", NULL, "The number of the first event", G_MININT64, G_MAXINT64, 0,
                        flags);

  properties[PROP_TEMPLATE] =
    g_param_spec_string ("template", NULL,
                         "A text message to make instead of columns; knows {{sequence}}, "
                         "{{timestamp}}, {{milliseconds}}, {{random:LOW:HIGH}} and {{pick:A|B}}",
                         NULL, flags);

  properties[PROP_SEED] =
    g_param_spec_uint ("seed", NULL, "Where the random numbers of the template begin", 0, G_MAXUINT,
                       DEFAULT_SEED, flags);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_timer_source_class_init (EfTimerSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_timer_source_get_property;
  object_class->set_property = ef_timer_source_set_property;
  object_class->finalize = ef_timer_source_finalize;

  element_class->prepare = ef_timer_source_prepare;
  element_class->play = ef_timer_source_play;
  element_class->pause = ef_timer_source_pause;
  element_class->unprepare = ef_timer_source_unprepare;
  element_class->output_held = ef_timer_source_output_held;

  ef_element_class_set_metadata (element_class, "timersource", "Makes events at a steady pace.",
                                 "timersource interval-ms=100 count=10 ! consolesink");
  ef_element_class_set_config_prefix (element_class, "timer");

  install_properties (object_class);
}

static void
ef_timer_source_init (EfTimerSource *self)
{
  self->interval_ms = DEFAULT_INTERVAL_MS;
  self->count = -1;
  self->batch = 1;
  self->seed = DEFAULT_SEED;
  self->text = g_string_new (NULL);
}
