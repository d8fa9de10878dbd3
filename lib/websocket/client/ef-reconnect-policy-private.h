/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What to do about a failure: the built-in rules, and before them those of the user. */
typedef struct _EfReconnectPolicy EfReconnectPolicy;

typedef enum
{
  EF_RECONNECT_RETRY,
  EF_RECONNECT_SLOW_DOWN,           /* … after the longest wait */
  EF_RECONNECT_NEXT_URL,            /* … elsewhere, if there is an elsewhere */
  EF_RECONNECT_REFRESH_CREDENTIALS, /* … with what has changed in the configuration */
  EF_RECONNECT_GIVE_UP,
} EfReconnectAction;

typedef struct
{
  const GError *error; /* of the domain EF_WEB_SOCKET_ERROR */
  guint status;        /* of the HTTP answer to the handshake, 0 if there was none */
  gint64 retry_after;  /* how many microseconds that answer asks to wait, 0 if it does not */
  guint close_code;    /* of a connection that has ended, 0 if there was none */
} EfReconnectFailure;

EfReconnectPolicy *ef_reconnect_policy_new (const char *text, GError **error);

EfReconnectPolicy *ef_reconnect_policy_ref (EfReconnectPolicy *self);

void ef_reconnect_policy_unref (EfReconnectPolicy *self);

EfReconnectAction ef_reconnect_policy_choose (EfReconnectPolicy *self,
                                              const EfReconnectFailure *failure,
                                              gboolean was_connected);

const char *ef_reconnect_action_to_string (EfReconnectAction action);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfReconnectPolicy, ef_reconnect_policy_unref)

G_END_DECLS
