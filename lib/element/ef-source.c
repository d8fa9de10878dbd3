/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-source.h"

/**
 * EfSource:
 *
 * An element that brings events from outside: it has an output and no input.
 *
 * A source pushes from sources of its main context, while it is %EF_STATE_PLAYING and its output is
 * not held, a bounded number of events each time. It lives in one context, as every element does.
 */

G_DEFINE_ABSTRACT_TYPE (EfSource, ef_source, EF_TYPE_ELEMENT)

static void
ef_source_class_init (EfSourceClass *klass)
{
  ef_element_class_set_pads (EF_ELEMENT_CLASS (klass), FALSE, TRUE);
}

static void
ef_source_init (EfSource *self)
{
}

/**
 * ef_source_end: (skip)
 * @self: a source
 *
 * Ends the stream: tells all that comes after the source, and then the application. For those who
 * write sources; it is called in the element's context.
 */
void
ef_source_end (EfSource *self)
{
  g_autoptr (EfMarker) eos = NULL;

  g_return_if_fail (EF_IS_SOURCE (self));

  eos = ef_marker_new_eos ();
  ef_element_push_marker (EF_ELEMENT (self), eos);
  ef_element_post_eos (EF_ELEMENT (self));
}
