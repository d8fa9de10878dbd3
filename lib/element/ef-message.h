/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <gio/gio.h>

#include "ef-state.h"

G_BEGIN_DECLS

/**
 * EfMessageKind:
 * @EF_MESSAGE_ERROR: the source has failed and does not go on by itself
 * @EF_MESSAGE_WARNING: something went wrong, the source goes on
 * @EF_MESSAGE_EOS: the source has seen the end of its stream
 * @EF_MESSAGE_STATE_CHANGED: the source has reached another state
 * @EF_MESSAGE_ELEMENT: something that only this kind of element knows of; see its name
 *
 * What a message is about.
 */
typedef enum
{
  EF_MESSAGE_ERROR,
  EF_MESSAGE_WARNING,
  EF_MESSAGE_EOS,
  EF_MESSAGE_STATE_CHANGED,
  EF_MESSAGE_ELEMENT,
} EfMessageKind;

#define EF_TYPE_MESSAGE (ef_message_get_type ())

/**
 * EfMessage:
 *
 * What an element tells the application.
 *
 * Its kind says what it is about, its name is the detail of the signal that delivers it: `error`,
 * `warning`, `eos`, `state-changed`, or for a message of %EF_MESSAGE_ELEMENT the element's own word,
 * such as `connected`.
 *
 * A message never changes and may be shared between threads. It does not keep its source alive while
 * it waits on a bus.
 */
typedef struct _EfMessage EfMessage;

EF_AVAILABLE_IN_1_0
GType ef_message_get_type (void) G_GNUC_CONST;

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_new_error (GObject *source, const GError *error, const char *debug);

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_new_warning (GObject *source, const GError *error, const char *debug);

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_new_eos (GObject *source);

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_new_state_changed (GObject *source, EfState old_state, EfState new_state);

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_new_element (GObject *source, const char *name, GVariant *details);

EF_AVAILABLE_IN_1_0
EfMessage *ef_message_ref (EfMessage *self);

EF_AVAILABLE_IN_1_0
void ef_message_unref (EfMessage *self);

EF_AVAILABLE_IN_1_0
EfMessageKind ef_message_get_kind (EfMessage *self);

EF_AVAILABLE_IN_1_0
const char *ef_message_get_name (EfMessage *self);

EF_AVAILABLE_IN_1_0
GObject *ef_message_get_source (EfMessage *self);

EF_AVAILABLE_IN_1_0
const char *ef_message_get_source_name (EfMessage *self);

EF_AVAILABLE_IN_1_0
const GError *ef_message_get_error (EfMessage *self);

EF_AVAILABLE_IN_1_0
const char *ef_message_get_debug (EfMessage *self);

EF_AVAILABLE_IN_1_0
GVariant *ef_message_get_details (EfMessage *self);

EF_AVAILABLE_IN_1_0
gint64 ef_message_get_timestamp (EfMessage *self);

EF_AVAILABLE_IN_1_0
char *ef_message_to_string (EfMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfMessage, ef_message_unref)

G_END_DECLS
