/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-state.h"

/**
 * ef_state_to_string:
 * @state: a state
 *
 * The name of a state for a person to read.
 *
 * Returns: `null`, `ready`, `paused` or `playing`
 */
const char *
ef_state_to_string (EfState state)
{
  static const char *const names[] = { "null", "ready", "paused", "playing" };

  g_return_val_if_fail (state <= EF_STATE_PLAYING, NULL);

  return names[state];
}
