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
 * EF_ERROR:
 *
 * The error domain of configuration, descriptions, pipelines and data. Transport errors have a
 * domain of their own, [error@EventFlux.WebSocketError].
 */
#define EF_ERROR (ef_error_quark ())

/**
 * EfError:
 * @EF_ERROR_FAILED: something else went wrong; the message tells
 * @EF_ERROR_SYNTAX: a text (description, schema, path, duration) does not parse
 * @EF_ERROR_UNKNOWN_ELEMENT: no element of that name is registered
 * @EF_ERROR_UNKNOWN_KEY: the element has no such property or configuration key
 * @EF_ERROR_MISSING_KEY: a required property or configuration key was not given
 * @EF_ERROR_INVALID_VALUE: a value is of the wrong kind or out of range
 * @EF_ERROR_LINK: two pads can not be linked
 * @EF_ERROR_STATE: the call is not possible in the element's present state
 * @EF_ERROR_PLUGIN: a plugin could not be loaded
 * @EF_ERROR_DATA: an event or message does not fit what the element was told to expect
 * @EF_ERROR_RESOURCE: a file, address or other resource could not be used
 *
 * Error codes of the [error@EventFlux.Error] domain.
 */
typedef enum
{
  EF_ERROR_FAILED,
  EF_ERROR_SYNTAX,
  EF_ERROR_UNKNOWN_ELEMENT,
  EF_ERROR_UNKNOWN_KEY,
  EF_ERROR_MISSING_KEY,
  EF_ERROR_INVALID_VALUE,
  EF_ERROR_LINK,
  EF_ERROR_STATE,
  EF_ERROR_PLUGIN,
  EF_ERROR_DATA,
  EF_ERROR_RESOURCE,
} EfError;

EF_AVAILABLE_IN_1_0
GQuark ef_error_quark (void);

G_END_DECLS
