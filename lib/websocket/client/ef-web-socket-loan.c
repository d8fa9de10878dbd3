/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-config.h"
#include "ef-error.h"
#include "ef-web-socket-error.h"
#include "ef-web-socket-loan-private.h"

/* A connection that one element keeps up and others send on, so that what goes out goes where what
 * comes in comes from: to the same session of the server. It saves a connection, too, and with it
 * the acknowledgements that two one-way connections need: 4 µs of a round trip.
 *
 * The lender decides about the connection. The borrowers, all in its context, are told what becomes
 * of it, and asked before it closes it. */

/* Calls @func for each that borrows when it is its turn: any call may have one of them leave. */
static void
for_each_borrower (EfWebSocketEndpoint *self,
                   void (*func) (EfWebSocketEndpoint *borrower, gpointer data),
                   gpointer data)
{
  g_autoptr (GPtrArray) elements = NULL;

  if (self->borrowers == NULL || self->borrowers->len == 0)
    return;

  elements = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->borrowers->len; i++)
    {
      EfWebSocketEndpoint *borrower = g_ptr_array_index (self->borrowers, i);

      g_ptr_array_add (elements, g_object_ref (borrower->element));
    }

  for (guint i = 0; i < elements->len; i++)
    {
      EfWebSocketEndpoint *borrower
        = ef_web_socket_endpoint_of (g_ptr_array_index (elements, i));

      if (g_ptr_array_find (self->borrowers, borrower, NULL))
        func (borrower, data);
    }
}

/* The borrower */

/* How to connect is what both classes have properties for. It is the lender's business. */
static gboolean
check_options (EfWebSocketEndpoint *self, GError **error)
{
  EfElement *lender = self->source;
  GType type = G_OBJECT_TYPE (self->element);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self->element), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      const char *name = pspecs[i]->name;
      GParamSpec *lenders = g_object_class_find_property (G_OBJECT_GET_CLASS (lender), name);

      if (pspecs[i]->owner_type != type || !(pspecs[i]->flags & G_PARAM_WRITABLE)
          || lenders == NULL || lenders->owner_type != G_OBJECT_TYPE (lender)
          || ef_element_is_property_default (self->element, name))
        continue;

      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s: “%s” does not go with “source”: the connection is that of “%s”, so set it "
                   "there",
                   ef_element_get_name (self->element), name, ef_element_get_name (lender));
      return FALSE;
    }

  return TRUE;
}

/* Has the element borrow the connection of its source instead of having one. */
gboolean
ef_web_socket_endpoint_prepare_loan (EfWebSocketEndpoint *self, GError **error)
{
  if (!check_options (self, error))
    return FALSE;

  g_atomic_pointer_set (&self->lender, ef_web_socket_endpoint_of (g_object_ref (self->source)));

  return TRUE;
}

void
ef_web_socket_loan_end (EfWebSocketEndpoint *self)
{
  EfWebSocketEndpoint *lender = self->lender;

  if (lender == NULL)
    return;

  if (lender->borrowers != NULL)
    g_ptr_array_remove (lender->borrowers, self);
  g_atomic_pointer_set (&self->lender, NULL);
  g_object_unref (lender->element);
}

static gboolean
check_same_context (EfWebSocketEndpoint *borrower, EfWebSocketEndpoint *lender, GError **error)
{
  GMainContext *mine = ef_element_get_context (borrower->element);
  GMainContext *theirs = ef_element_get_context (lender->element);

  if (theirs == NULL || mine == theirs)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_STATE,
               "%s: it sends on the connection of “%s”, which runs in another thread: have no queue "
               "between them, or give this sink a “url” of its own",
               ef_element_get_name (borrower->element), ef_element_get_name (lender->element));

  return FALSE;
}

static void
tell_connected (EfWebSocketEndpoint *self, gpointer subprotocol)
{
  EfWebSocketConnection *connection = ef_web_socket_endpoint_get_connection (self->lender);

  ef_web_socket_options_set_connected (&self->options, G_OBJECT (self->element), TRUE, subprotocol);
  g_signal_emit_by_name (self->element, "connected", subprotocol);

  /* Whoever was told may have stopped either element. */
  if (self->lender != NULL && self->is_open && connection != NULL
      && ef_web_socket_endpoint_get_connection (self->lender) == connection
      && ef_web_socket_connection_is_open (connection))
    self->funcs->connected (self->element, connection);
}

/* Joins those that borrow. That there is a connection is no condition: the lender may start later,
 * and in a pipeline does. */
void
ef_web_socket_loan_open_async (EfWebSocketEndpoint *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  EfWebSocketEndpoint *lender = self->lender;
  g_autoptr (GTask) task = g_task_new (self->element, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_loan_open_async);
  /* It is done before anybody could cancel it, and is undone by closing. */
  g_task_set_check_cancellable (task, FALSE);
  if (!check_same_context (self, lender, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (lender->has_ended)
    {
      g_task_return_new_error (task, EF_WEB_SOCKET_ERROR, EF_WEB_SOCKET_ERROR_CLOSED,
                               "%s: the connection of “%s” has ended, and there will be no other",
                               ef_element_get_name (self->element),
                               ef_element_get_name (lender->element));
      return;
    }

  if (lender->borrowers == NULL)
    lender->borrowers = g_ptr_array_new ();
  g_ptr_array_add (lender->borrowers, self);
  self->is_open = TRUE;
  if (lender->options.connected)
    tell_connected (self, lender->options.negotiated_subprotocol);

  g_task_return_boolean (task, TRUE);
}

/* Leaves. The connection goes on. */
void
ef_web_socket_loan_close_async (EfWebSocketEndpoint *self,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self->element, NULL, callback, user_data);
  EfWebSocketEndpoint *lender = self->lender;

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_web_socket_loan_close_async);
  self->is_open = FALSE;
  ef_web_socket_endpoint_give_back (self);
  if (g_ptr_array_remove (lender->borrowers, self) && self->options.connected)
    {
      EfWebSocketConnection *connection = ef_web_socket_endpoint_get_connection (lender);

      self->funcs->disconnected (self->element, connection, EF_CLOSE_NORMAL, "");
      ef_web_socket_options_set_connected (&self->options, G_OBJECT (self->element), FALSE, NULL);
      g_signal_emit_by_name (self->element, "disconnected", EF_CLOSE_NORMAL, "");
    }

  g_task_return_boolean (task, TRUE);
}

/* The lender */

/* That all who borrow, and may have been open before, are where the lender is. */
gboolean
ef_web_socket_loan_check_context (EfWebSocketEndpoint *self, GError **error)
{
  for (guint i = 0; self->borrowers != NULL && i < self->borrowers->len; i++)
    if (!check_same_context (g_ptr_array_index (self->borrowers, i), self, error))
      return FALSE;

  return TRUE;
}

void
ef_web_socket_loan_connected (EfWebSocketEndpoint *self, const char *subprotocol)
{
  for_each_borrower (self, tell_connected, (gpointer) subprotocol);
}

static void
tell_drained (EfWebSocketEndpoint *self, gpointer data)
{
  self->funcs->drained (self->element);
}

void
ef_web_socket_loan_drained (EfWebSocketEndpoint *self)
{
  for_each_borrower (self, tell_drained, NULL);
}

typedef struct
{
  EfWebSocketConnection *connection;
  guint code;
  const char *reason;
} Loss;

static void
tell_disconnected (EfWebSocketEndpoint *self, gpointer data)
{
  const Loss *loss = data;

  self->funcs->disconnected (self->element, loss->connection, loss->code, loss->reason);
  ef_web_socket_options_set_connected (&self->options, G_OBJECT (self->element), FALSE, NULL);
  g_signal_emit_by_name (self->element, "disconnected", loss->code, loss->reason);
}

void
ef_web_socket_loan_disconnected (EfWebSocketEndpoint *self,
                                 EfWebSocketConnection *connection,
                                 guint code,
                                 const char *reason)
{
  Loss loss = { connection, code, reason };

  for_each_borrower (self, tell_disconnected, &loss);
}

typedef struct
{
  guint attempt;
  guint delay;
} Retry;

static void
tell_reconnecting (EfWebSocketEndpoint *self, gpointer data)
{
  const Retry *retry = data;

  g_signal_emit_by_name (self->element, "reconnecting", retry->attempt, retry->delay);
}

void
ef_web_socket_loan_reconnecting (EfWebSocketEndpoint *self, guint attempt, guint delay)
{
  Retry retry = { attempt, delay };

  for_each_borrower (self, tell_reconnecting, &retry);
}

static void
tell_ended (EfWebSocketEndpoint *self, gpointer error)
{
  self->funcs->ended (self->element, error);
}

void
ef_web_socket_loan_ended (EfWebSocketEndpoint *self, const GError *error)
{
  for_each_borrower (self, tell_ended, (gpointer) error);
}

static void
tell_called_back (EfWebSocketEndpoint *self, gpointer data)
{
  self->called_back = TRUE;
  if (!self->funcs->called_back (self->element))
    self->called_back = FALSE;
}

static gboolean
is_awaiting (EfWebSocketEndpoint *self)
{
  for (guint i = 0; self->borrowers != NULL && i < self->borrowers->len; i++)
    {
      EfWebSocketEndpoint *borrower = g_ptr_array_index (self->borrowers, i);

      if (borrower->called_back)
        return TRUE;
    }

  return FALSE;
}

/* Tells those who borrow that the connection is about to be closed. Returns whether some of them need
 * time to send what they have; the last of these goes on with closing. */
gboolean
ef_web_socket_loan_call_back (EfWebSocketEndpoint *self)
{
  for_each_borrower (self, tell_called_back, NULL);

  return is_awaiting (self);
}

/* The element has sent what it had, or will not. */
void
ef_web_socket_endpoint_give_back (EfWebSocketEndpoint *self)
{
  if (!self->called_back)
    return;

  self->called_back = FALSE;
  if (self->lender->closing != NULL && !is_awaiting (self->lender))
    ef_web_socket_endpoint_go_on_closing (self->lender);
}
