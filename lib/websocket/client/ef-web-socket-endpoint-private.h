/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"
#include "ef-heartbeat-private.h"
#include "ef-validatable.h"
#include "ef-web-socket-client-private.h"

G_BEGIN_DECLS

/* The side of a client element that source and sink share: its properties, its signals `connected`,
 * `disconnected` and `reconnecting`, its messages, and how it goes up and down with its client. The
 * element embeds it and hands over what it is asked for. */

typedef struct
{
  /* There is a connection; those who listen have been told. */
  void (*connected) (EfElement *element, EfWebSocketConnection *connection);

  void (*received) (EfElement *element, EfBatch *batch);

  /* May be NULL for an element that sends nothing itself. */
  void (*drained) (EfElement *element);

  void (*disconnected) (EfElement *element,
                        EfWebSocketConnection *connection,
                        guint code,
                        const char *reason);

  /* There will be no connection any more. @error is NULL if the server has closed the last one in
   * order; otherwise the application has been told. */
  void (*ended) (EfElement *element, const GError *error);

  /* Whoever lends the connection is about to close it. Returns whether the element needs time to
   * send what it has: then it says so with ef_web_socket_endpoint_give_back(). NULL for an element
   * that does not borrow. */
  gboolean (*called_back) (EfElement *element);
} EfWebSocketEndpointFuncs;

typedef struct _EfWebSocketEndpoint EfWebSocketEndpoint;

struct _EfWebSocketEndpoint
{
  EfElement *element;
  const EfWebSocketEndpointFuncs *funcs;
  EfWebSocketOptions options;
  GPtrArray *targets; /* of EfWebSocketTarget, from READY on */
  guint serial;       /* of the options that they were made from */
  EfReconnectPolicy *policy;
  EfHeartbeat *heartbeat; /* NULL for none */
  EfWebSocketClient *client;

  GTask *opening;
  GSource *opening_cancelled;
  gboolean is_open; /* or opens */
  gboolean has_ended; /* and was not opened again */

  /* A connection may be lent to other elements, which send on it. */
  EfElement *source; /* what this one is configured to borrow from, a weak pointer, or NULL */
  EfWebSocketEndpoint *lender; /* whose element is owned: from READY on, if this one borrows */
  GPtrArray *borrowers;        /* those that are open; NULL for none ever */
  gboolean called_back;        /* this one was, and still sends */
  GTask *closing;              /* waits for those who were called back */

  /* Read from any thread. */
  guint64 n_connections;
  guint64 n_reconnects;
  guint64 n_messages; /* received */
  guint64 bytes_read; /* on connections that are over */
  guint64 bytes_written;
  EfHeartbeatCounts heartbeats;
};

void ef_web_socket_endpoint_install (EfElementClass *klass, guint first_id);

void ef_web_socket_endpoint_init (EfWebSocketEndpoint *self,
                                  EfElement *element,
                                  const EfWebSocketEndpointFuncs *funcs);

void ef_web_socket_endpoint_clear (EfWebSocketEndpoint *self);

void ef_web_socket_endpoint_get_property (EfWebSocketEndpoint *self,
                                          EfWebSocketOption option,
                                          GValue *value);

void ef_web_socket_endpoint_set_property (EfWebSocketEndpoint *self,
                                          EfWebSocketOption option,
                                          const GValue *value,
                                          GParamSpec *pspec);

EfWebSocketConnection *ef_web_socket_endpoint_get_connection (EfWebSocketEndpoint *self);

const char *ef_web_socket_endpoint_get_url (EfWebSocketEndpoint *self);

gboolean ef_web_socket_endpoint_prepare (EfWebSocketEndpoint *self, GError **error);

void ef_web_socket_endpoint_unprepare (EfWebSocketEndpoint *self);

void ef_web_socket_endpoint_open_async (EfWebSocketEndpoint *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);

gboolean ef_web_socket_endpoint_open_finish (EfElement *element,
                                             GAsyncResult *result,
                                             GError **error);

void ef_web_socket_endpoint_close_async (EfWebSocketEndpoint *self,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);

void ef_web_socket_endpoint_close_finish (EfElement *element, GAsyncResult *result);

void ef_web_socket_endpoint_add_stats (EfWebSocketEndpoint *self, GVariantDict *stats);

void ef_web_socket_endpoint_validatable_init (EfValidatableInterface *iface);

gboolean ef_web_socket_endpoint_validate (EfWebSocketEndpoint *self,
                                          GCancellable *cancellable,
                                          GError **error);

/* Lending */

EfWebSocketEndpoint *ef_web_socket_endpoint_of (EfElement *element);

gboolean ef_web_socket_endpoint_prepare_loan (EfWebSocketEndpoint *self, GError **error);

void ef_web_socket_endpoint_give_back (EfWebSocketEndpoint *self);

static inline gboolean
ef_web_socket_endpoint_borrows (const EfWebSocketEndpoint *self)
{
  return self->lender != NULL;
}

/* Whether there is a connection, or may come to be one. */
static inline gboolean
ef_web_socket_endpoint_is_open (const EfWebSocketEndpoint *self)
{
  return self->lender != NULL ? self->lender->is_open : self->is_open;
}

G_END_DECLS
