/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes a source off its context and lets go of it, if there is one: g_clear_pointer() for sources. */
static inline void
ef_clear_source (GSource **source)
{
  GSource *cleared = g_steal_pointer (source);

  if (cleared == NULL)
    return;

  g_source_destroy (cleared);
  g_source_unref (cleared);
}

G_END_DECLS
