/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-pad-private.h"
#include "ef-relaxed-private.h"

/* A link is known to both of its pads. The output keeps the element behind it alive: so a chain lives
 * as long as its first element, and since links make no circle, neither do the references. */

static EfPeers *
peers_new (guint n_peers)
{
  EfPeers *self = g_malloc (sizeof (EfPeers) + n_peers * sizeof (EfPeer));

  self->ref_count = 1;
  self->n_peers = 0;

  return self;
}

static void
peers_add (EfPeers *self, EfPad *pad, EfElement *element)
{
  self->peers[self->n_peers++] = (EfPeer) { pad, g_object_ref (element) };
}

void
ef_peers_unref (EfPeers *self)
{
  if (--self->ref_count > 0)
    return;

  for (guint i = 0; i < self->n_peers; i++)
    g_object_unref (self->peers[i].element);
  g_free (self);
}

gboolean
ef_peers_contain (EfPeers *self, EfPad *pad)
{
  for (guint i = 0; self != NULL && i < self->n_peers; i++)
    if (self->peers[i].pad == pad)
      return TRUE;

  return FALSE;
}

/* The peers of @self and @added, or without @removed. */
static EfPeers *
peers_changed (EfPeers *self, EfPad *added, EfPad *removed)
{
  guint n_peers = self != NULL ? self->n_peers : 0;
  EfPeers *changed = peers_new (n_peers + 1);

  for (guint i = 0; i < n_peers; i++)
    if (self->peers[i].pad != removed)
      peers_add (changed, self->peers[i].pad, self->peers[i].element);
  if (added != NULL)
    peers_add (changed, added, added->element);

  if (changed->n_peers == 0)
    g_clear_pointer (&changed, ef_peers_unref);

  return changed;
}

static char *
pad_describe (EfPad *pad)
{
  const char *element = pad->element != NULL ? ef_element_get_name (pad->element) : "(gone)";

  return g_strdup_printf ("%s.%s", element, pad->name);
}

static gboolean
reaches (EfElement *from, EfElement *to)
{
  EfPad *outputs[] = { ef_element_get_src_pad (from), ef_element_get_errors_pad (from) };

  if (from == to)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      EfPeers *peers = outputs[i] != NULL ? outputs[i]->peers : NULL;

      for (guint j = 0; peers != NULL && j < peers->n_peers; j++)
        if (reaches (peers->peers[j].element, to))
          return TRUE;
    }

  return FALSE;
}

static gboolean
check_directions (EfPad *src, EfPad *sink, GError **error)
{
  g_autofree char *first = pad_describe (src);
  g_autofree char *second = pad_describe (sink);

  if (src->direction == EF_PAD_SRC && sink->direction == EF_PAD_SINK)
    return TRUE;

  if (src->direction == sink->direction)
    g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                 "%s and %s are both %s: link an output (src or errors) to an input (sink)", first,
                 second, src->direction == EF_PAD_SRC ? "outputs" : "inputs");
  else
    g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                 "%s is an input and %s an output: name the output first", first, second);

  return FALSE;
}

static gboolean
check_contents (EfPad *src, EfPad *sink, GError **error)
{
  g_autofree char *first = pad_describe (src);
  g_autofree char *second = pad_describe (sink);

  if (src->content == EF_PAD_CONTENT_ANY || sink->content == EF_PAD_CONTENT_ANY
      || src->content == sink->content)
    return TRUE;

  if (src->content == EF_PAD_CONTENT_COLUMNS)
    g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                 "%s gives events with columns, %s takes raw messages: put an encoder such as "
                 "jsonencode between",
                 first, second);
  else
    g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                 "%s gives raw messages, %s takes events with columns: put a decoder such as "
                 "jsondecode between",
                 first, second);

  return FALSE;
}

static gboolean
check_link (EfPad *src, EfPad *sink, GError **error)
{
  g_autofree char *first = pad_describe (src);
  g_autofree char *second = pad_describe (sink);

  if (!check_directions (src, sink, error))
    return FALSE;

  if (ef_peers_contain (src->peers, sink))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_LINK, "%s is already linked to %s", first, second);
      return FALSE;
    }

  if (!check_contents (src, sink, error))
    return FALSE;

  if (reaches (sink->element, src->element))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_LINK,
                   "%s can not be linked to %s: events would go round in a circle", first, second);
      return FALSE;
    }

  return TRUE;
}

static void
replace_peers (EfPad *self, EfPeers *peers)
{
  EfPeers *old = self->peers;

  self->peers = peers;
  ef_pad_update_held (self);
  g_clear_pointer (&old, ef_peers_unref);
}

/**
 * ef_pad_link:
 * @src: an output pad
 * @sink: an input pad
 * @error: return location for an error
 *
 * Links two pads. From now on what is pushed to @src arrives at @sink, and @src keeps the element of
 * @sink alive. It may be done in any state, in the context of both elements.
 *
 * Returns: %TRUE if they are linked, %FALSE with %EF_ERROR_LINK if they do not fit
 */
gboolean
ef_pad_link (EfPad *src, EfPad *sink, GError **error)
{
  EfInput input = { .src = src };

  g_return_val_if_fail (EF_IS_PAD (src), FALSE);
  g_return_val_if_fail (EF_IS_PAD (sink), FALSE);
  g_return_val_if_fail (src->element != NULL && sink->element != NULL, FALSE);

  if (!check_link (src, sink, error))
    return FALSE;

  g_array_append_val (sink->inputs, input);
  replace_peers (src, peers_changed (src->peers, sink, NULL));

  return TRUE;
}

static void
remove_input (EfPad *self, EfPad *src)
{
  for (guint i = 0; i < self->inputs->len; i++)
    if (g_array_index (self->inputs, EfInput, i).src == src)
      {
        g_array_remove_index (self->inputs, i);
        return;
      }
}

/**
 * ef_pad_unlink:
 * @src: an output pad
 * @sink: the input pad it is linked to
 *
 * Takes a link away. It may be done in any state, in the context of both elements. If all other links
 * of @sink have brought the end of the stream, this is the end for @sink.
 */
void
ef_pad_unlink (EfPad *src, EfPad *sink)
{
  g_autoptr (EfPad) kept = NULL;

  g_return_if_fail (EF_IS_PAD (src));
  g_return_if_fail (EF_IS_PAD (sink));
  g_return_if_fail (ef_peers_contain (src->peers, sink));

  kept = g_object_ref (sink);
  remove_input (sink, src);
  replace_peers (src, peers_changed (src->peers, NULL, sink));
  ef_pad_check_eos (sink);
}

/* The element goes. Its input has no link left, or the element would be alive. */
void
ef_pad_detach (EfPad *self)
{
  while (self->inputs->len > 0)
    ef_pad_unlink (g_array_index (self->inputs, EfInput, 0).src, self);
  while (self->peers != NULL)
    ef_pad_unlink (self, self->peers->peers[0].pad);

  self->element = NULL;
  ef_relaxed_set (&self->flowing, FALSE);
}

/**
 * ef_pad_get_n_links:
 * @self: a pad
 *
 * How many pads it is linked to.
 *
 * Returns: a number of links
 */
guint
ef_pad_get_n_links (EfPad *self)
{
  g_return_val_if_fail (EF_IS_PAD (self), 0);

  if (self->direction == EF_PAD_SINK)
    return self->inputs->len;

  return self->peers != NULL ? self->peers->n_peers : 0;
}

/**
 * ef_pad_get_peer:
 * @self: a pad
 * @link: which of its links, counted from 0 in the order in which they were made
 *
 * A pad that it is linked to.
 *
 * Returns: (transfer none): the pad at the other end
 */
EfPad *
ef_pad_get_peer (EfPad *self, guint link)
{
  g_return_val_if_fail (EF_IS_PAD (self), NULL);
  g_return_val_if_fail (link < ef_pad_get_n_links (self), NULL);

  if (self->direction == EF_PAD_SINK)
    return g_array_index (self->inputs, EfInput, link).src;

  return self->peers->peers[link].pad;
}
