/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-enum-types.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/**
 * EfPad:
 *
 * Where events enter or leave an element.
 *
 * An output pad may be linked to any number of input pads, and an input pad to any number of output
 * pads: outputs fan out and inputs merge. A push is a call: it returns when each linked element has
 * taken the batch. Nothing is queued on the way, and no lock is taken.
 *
 * An input pad can be held by its element. An output pad is held while any pad linked to it is.
 * Whoever pushes is told of a hold and stops by itself: a batch that is pushed nevertheless is taken.
 *
 * A batch that is pushed to an element that is not %EF_STATE_PLAYING is dropped and counted.
 *
 * A pad belongs to the context of its element, and so do all pads that it is linked to; see
 * [iface@EventFlux.ThreadBoundary] for the exception. Only the counters may be read from
 * any thread.
 */

typedef enum
{
  PROP_NAME = 1,
  PROP_DIRECTION,
  PROP_CONTENT,
  PROP_ELEMENT,
} EfPadProperty;

#define N_PROPERTIES (PROP_ELEMENT + 1)

G_DEFINE_FINAL_TYPE (EfPad, ef_pad, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPERTIES];

static void
ef_pad_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfPad *self = EF_PAD (object);

  switch ((EfPadProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DIRECTION:
      g_value_set_enum (value, self->direction);
      break;
    case PROP_CONTENT:
      g_value_set_enum (value, self->content);
      break;
    case PROP_ELEMENT:
      g_value_set_object (value, self->element);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_pad_finalize (GObject *object)
{
  EfPad *self = EF_PAD (object);

  g_assert (self->peers == NULL);
  g_assert (self->inputs->len == 0);
  g_array_unref (self->inputs);

  G_OBJECT_CLASS (ef_pad_parent_class)->finalize (object);
}

static void
ef_pad_class_init (EfPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ef_pad_get_property;
  object_class->finalize = ef_pad_finalize;

  /**
   * EfPad:name:
   *
   * `sink`, `src` or `errors`.
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, "“sink”, “src” or “errors”", NULL, flags);

  /**
   * EfPad:direction:
   *
   * Which way events pass.
   */
  properties[PROP_DIRECTION] =
    g_param_spec_enum ("direction", NULL, "Which way events pass", EF_TYPE_PAD_DIRECTION,
                       EF_PAD_SINK, flags);

  /**
   * EfPad:content:
   *
   * What kind of events pass.
   */
  properties[PROP_CONTENT] =
    g_param_spec_enum ("content", NULL, "What kind of events pass", EF_TYPE_PAD_CONTENT,
                       EF_PAD_CONTENT_ANY, flags);

  /**
   * EfPad:element:
   *
   * The element that the pad belongs to.
   */
  properties[PROP_ELEMENT] =
    g_param_spec_object ("element", NULL, "The element that the pad belongs to", EF_TYPE_ELEMENT,
                         flags);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ef_pad_init (EfPad *self)
{
  self->inputs = g_array_new (FALSE, FALSE, sizeof (EfInput));
}

/* @name is a literal: the pad does not copy it. */
EfPad *
ef_pad_new (EfElement *element,
            const EfPadFuncs *funcs,
            const char *name,
            EfPadDirection direction,
            EfPadContent content)
{
  EfPad *self = g_object_new (EF_TYPE_PAD, NULL);
  EfElementClass *klass = EF_ELEMENT_GET_CLASS (element);

  self->element = element;
  self->funcs = funcs;
  self->name = name;
  self->direction = direction;
  self->content = content;
  self->process = klass->process;
  self->marker = klass->marker;

  return self;
}

void
ef_pad_set_flowing (EfPad *self, gboolean flowing)
{
  ef_relaxed_set (&self->flowing, flowing);
}

/* Has the next round of ends of stream begin: an input that starts anew waits for all its links. */
void
ef_pad_forget_eos (EfPad *self)
{
  for (guint i = 0; i < self->inputs->len; i++)
    g_array_index (self->inputs, EfInput, i).eos = FALSE;
}

static inline void
pad_enter (EfPad *self)
{
  self->depth++;
}

/* What had to wait for the end of the call, such as a hold or a stop, is done now. It may be the end
 * of the element and the pad. */
static inline void
pad_leave (EfPad *self)
{
  if (--self->depth == 0 && G_UNLIKELY (self->recalled))
    {
      self->recalled = FALSE;
      self->funcs->returned (self->element, self);
    }
}

/* Takes a batch into the element of an input pad. */
void
ef_pad_receive (EfPad *self, EfBatch *batch)
{
  guint n_events = ef_batch_get_n_events (batch);
  EfBatch *outer = self->batch;

  if (G_UNLIKELY (!ef_relaxed_get (&self->flowing)))
    {
      ef_relaxed_add (&self->n_dropped, n_events);
      return;
    }

  /* By the batch, not by the event. */
  ef_relaxed_add (&self->n_events, n_events);

  pad_enter (self);
  self->batch = batch;
  self->process (self->element, batch);
  self->batch = outer;
  pad_leave (self);
}

/* Gives the element of an input pad what came earlier and had to wait. */
void
ef_pad_deliver_batch (EfPad *self, EfBatch *batch)
{
  EfBatch *outer = self->batch;

  pad_enter (self);
  self->batch = batch;
  EF_ELEMENT_GET_CLASS (self->element)->process (self->element, batch);
  self->batch = outer;
  pad_leave (self);
}

void
ef_pad_deliver_marker (EfPad *self, EfMarker *marker)
{
  pad_enter (self);
  EF_ELEMENT_GET_CLASS (self->element)->marker (self->element, marker);
  pad_leave (self);
}

/* Whether anything that is linked to an output pad would take what is pushed. */
gboolean
ef_pad_reaches_any (EfPad *self)
{
  if (!ef_relaxed_get (&self->flowing))
    return FALSE;

  for (guint i = 0; self->peers != NULL && i < self->peers->n_peers; i++)
    if (ef_relaxed_get (&self->peers->peers[i].pad->flowing))
      return TRUE;

  return FALSE;
}

/* A handler may link and unlink while the batch goes round: the peers that were there at the
 * beginning get it, less those that were unlinked meanwhile. */
static void
push_to_each (EfPad *self, EfBatch *batch)
{
  EfPeers *peers = self->peers;

  peers->ref_count++;
  for (guint i = 0; i < peers->n_peers; i++)
    if (self->peers == peers || ef_peers_contain (self->peers, peers->peers[i].pad))
      ef_pad_receive (peers->peers[i].pad, batch);
  ef_peers_unref (peers);
}

/* The way of every batch: a single link is a call, with no list and no reference taken. The peer can
 * not go away meanwhile, as an element that plays keeps itself alive. */
void
ef_pad_push_unchecked (EfPad *self, EfBatch *batch)
{
  guint n_events = ef_batch_get_n_events (batch);

  if (G_UNLIKELY (!ef_relaxed_get (&self->flowing)))
    {
      ef_relaxed_add (&self->n_dropped, n_events);
      return;
    }

  ef_relaxed_add (&self->n_events, n_events);
  if (self->peers == NULL)
    return;

  pad_enter (self);
  if (G_LIKELY (self->peers->n_peers == 1))
    ef_pad_receive (self->peers->peers[0].pad, batch);
  else
    push_to_each (self, batch);
  pad_leave (self);
}

/**
 * ef_pad_push:
 * @self: an output pad
 * @batch: events
 *
 * Pushes events to all that is linked to the pad. Without a link they are counted and that is all.
 * It is called in the context of the pad, by its element.
 */
void
ef_pad_push (EfPad *self, EfBatch *batch)
{
  g_return_if_fail (EF_IS_PAD (self));
  g_return_if_fail (self->direction == EF_PAD_SRC);
  g_return_if_fail (batch != NULL);

  ef_pad_push_unchecked (self, batch);
}

static EfInput *
find_input (EfPad *self, EfPad *src)
{
  for (guint i = 0; i < self->inputs->len; i++)
    {
      EfInput *input = &g_array_index (self->inputs, EfInput, i);

      if (input->src == src)
        return input;
    }

  return NULL;
}

static gboolean
all_inputs_ended (EfPad *self)
{
  for (guint i = 0; i < self->inputs->len; i++)
    if (!g_array_index (self->inputs, EfInput, i).eos)
      return FALSE;

  return self->inputs->len > 0;
}

static void
call_marker (EfPad *self, EfMarker *marker)
{
  pad_enter (self);
  self->marker (self->element, marker);
  pad_leave (self);
}

/* The end of the stream is passed on when the last link has brought it, and then all links may begin
 * anew: a source that is started again ends again. */
static void
receive_eos (EfPad *self, EfPad *src, EfMarker *marker)
{
  EfInput *input = find_input (self, src);

  if (input != NULL)
    input->eos = TRUE;
  if (!all_inputs_ended (self))
    return;

  ef_pad_forget_eos (self);
  call_marker (self, marker);
}

static void
receive_marker (EfPad *self, EfPad *src, EfMarker *marker)
{
  if (!ef_relaxed_get (&self->flowing))
    return;

  if (ef_marker_get_kind (marker) == EF_MARKER_EOS)
    receive_eos (self, src, marker);
  else
    call_marker (self, marker);
}

/* A link went that the others were waiting for. */
void
ef_pad_check_eos (EfPad *self)
{
  g_autoptr (EfMarker) eos = NULL;

  if (!ef_relaxed_get (&self->flowing) || !all_inputs_ended (self))
    return;

  eos = ef_marker_new_eos ();
  ef_pad_forget_eos (self);
  call_marker (self, eos);
}

/**
 * ef_pad_push_marker:
 * @self: an output pad
 * @marker: a marker
 *
 * Pushes a marker to all that is linked to the pad. It is called in the context of the pad, by its
 * element.
 */
void
ef_pad_push_marker (EfPad *self, EfMarker *marker)
{
  EfPeers *peers;

  g_return_if_fail (EF_IS_PAD (self));
  g_return_if_fail (self->direction == EF_PAD_SRC);
  g_return_if_fail (marker != NULL);

  peers = self->peers;
  if (peers == NULL || !ef_relaxed_get (&self->flowing))
    return;

  pad_enter (self);
  peers->ref_count++;
  for (guint i = 0; i < peers->n_peers; i++)
    if (self->peers == peers || ef_peers_contain (self->peers, peers->peers[i].pad))
      receive_marker (peers->peers[i].pad, self, marker);
  ef_peers_unref (peers);
  pad_leave (self);
}

/* Sets whether the pad is held, and tells the other side of its links: from an input it goes to the
 * outputs that are linked to it, from an output to the element. */
void
ef_pad_set_held (EfPad *self, gboolean held)
{
  if (ef_relaxed_get (&self->held) == held)
    return;

  ef_relaxed_set (&self->held, held);
  if (self->direction == EF_PAD_SRC)
    {
      if (self->element != NULL)
        self->funcs->held_changed (self->element);
      return;
    }

  for (guint i = 0; i < self->inputs->len; i++)
    ef_pad_update_held (g_array_index (self->inputs, EfInput, i).src);
}

/* An output is held while any of its peers is. */
void
ef_pad_update_held (EfPad *self)
{
  gboolean held = self->stuck;

  for (guint i = 0; self->peers != NULL && i < self->peers->n_peers; i++)
    held |= ef_relaxed_get (&self->peers->peers[i].pad->held);

  ef_pad_set_held (self, held);
}

void
ef_pad_set_stuck (EfPad *self, gboolean stuck)
{
  self->stuck = stuck;
  ef_pad_update_held (self);
}

/**
 * ef_pad_get_name:
 * @self: a pad
 *
 * The name of the pad within its element.
 *
 * Returns: `sink`, `src` or `errors`
 */
const char *
ef_pad_get_name (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), NULL);

  return self->name;
}

/**
 * ef_pad_get_direction:
 * @self: a pad
 *
 * Which way events pass.
 *
 * Returns: the direction
 */
EfPadDirection
ef_pad_get_direction (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), EF_PAD_SINK);

  return self->direction;
}

/**
 * ef_pad_get_content:
 * @self: a pad
 *
 * What kind of events pass.
 *
 * Returns: the kind
 */
EfPadContent
ef_pad_get_content (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), EF_PAD_CONTENT_ANY);

  return self->content;
}

/**
 * ef_pad_get_element:
 * @self: a pad
 *
 * The element that the pad belongs to.
 *
 * Returns: (transfer none) (nullable): the element, or %NULL if it is gone
 */
EfElement *
ef_pad_get_element (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), NULL);

  return self->element;
}

/**
 * ef_pad_is_held:
 * @self: a pad
 *
 * Whether what is behind the pad wants no more for now: the element of an input, or any pad linked to
 * an output.
 *
 * Returns: %TRUE if it is held
 */
gboolean
ef_pad_is_held (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), FALSE);

  return ef_relaxed_get (&self->held);
}

/**
 * ef_pad_get_n_events:
 * @self: a pad
 *
 * How many events have passed since the element was made. An output counts an event once, however
 * many links it has. It may be called from any thread.
 *
 * Returns: a number of events
 */
guint64
ef_pad_get_n_events (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), 0);

  return ef_relaxed_get (&self->n_events);
}

/**
 * ef_pad_get_n_dropped:
 * @self: a pad
 *
 * How many events were pushed while the pad's element did not play, and were dropped. It may be
 * called from any thread.
 *
 * Returns: a number of events
 */
guint64
ef_pad_get_n_dropped (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), 0);

  return ef_relaxed_get (&self->n_dropped);
}
