/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-connect-proxy-private.h"

/*
 * EfConnectProxy:
 *
 * GIO's own way through an HTTP proxy, a tunnel by CONNECT, under a name that libsoup does not take
 * for itself.
 *
 * It may be used in any thread.
 */
struct _EfConnectProxy
{
  GObject parent_instance;

  GProxy *http;
};

static GIOStream *
ef_connect_proxy_connect (GProxy *proxy,
                          GIOStream *stream,
                          GProxyAddress *address,
                          GCancellable *cancellable,
                          GError **error)
{
  return g_proxy_connect (EF_CONNECT_PROXY (proxy)->http, stream, address, cancellable, error);
}

static void
connected (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GIOStream *stream = g_proxy_connect_finish (G_PROXY (object), result, &error);

  if (stream != NULL)
    g_task_return_pointer (task, stream, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
ef_connect_proxy_connect_async (GProxy *proxy,
                                GIOStream *stream,
                                GProxyAddress *address,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (proxy, cancellable, callback, user_data);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_connect_proxy_connect_async);
  g_proxy_connect_async (EF_CONNECT_PROXY (proxy)->http, stream, address, cancellable, connected,
                         task);
}

static GIOStream *
ef_connect_proxy_connect_finish (GProxy *proxy, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, proxy), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The proxy resolves the name, which may be known to it alone. */
static gboolean
ef_connect_proxy_supports_hostname (GProxy *proxy)
{
  return TRUE;
}

static void
ef_connect_proxy_iface_init (GProxyInterface *iface)
{
  iface->connect = ef_connect_proxy_connect;
  iface->connect_async = ef_connect_proxy_connect_async;
  iface->connect_finish = ef_connect_proxy_connect_finish;
  iface->supports_hostname = ef_connect_proxy_supports_hostname;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (EfConnectProxy, ef_connect_proxy, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY, ef_connect_proxy_iface_init))

static void
ef_connect_proxy_finalize (GObject *object)
{
  EfConnectProxy *self = EF_CONNECT_PROXY (object);

  g_object_unref (self->http);

  G_OBJECT_CLASS (ef_connect_proxy_parent_class)->finalize (object);
}

static void
ef_connect_proxy_class_init (EfConnectProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_connect_proxy_finalize;
}

static void
ef_connect_proxy_init (EfConnectProxy *self)
{
  self->http = g_proxy_get_default_for_protocol ("http");
}

/* Has GIO find the class by its protocol. It may be called again. */
void
ef_connect_proxy_register (void)
{
  /* Which also makes the extension point. */
  g_autoptr (GProxy) http = g_proxy_get_default_for_protocol ("http");

  g_assert (http != NULL);
  g_io_extension_point_implement (G_PROXY_EXTENSION_POINT_NAME, EF_TYPE_CONNECT_PROXY,
                                  EF_CONNECT_PROXY_PROTOCOL, 0);
}
