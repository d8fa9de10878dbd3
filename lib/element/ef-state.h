/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <glib.h>

#include "ef-version.h"

G_BEGIN_DECLS

/**
 * EfState:
 * @EF_STATE_NULL: nothing is held: no resources, no connection
 * @EF_STATE_READY: the configuration is checked and resources are loaded
 * @EF_STATE_PAUSED: connected, but no events flow
 * @EF_STATE_PLAYING: events flow
 *
 * The states of an element. It passes through them in order, up and down.
 */
typedef enum
{
  EF_STATE_NULL,
  EF_STATE_READY,
  EF_STATE_PAUSED,
  EF_STATE_PLAYING,
} EfState;

EF_AVAILABLE_IN_1_0
const char *ef_state_to_string (EfState state);

G_END_DECLS
