/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-connect-proxy-private.h"
#include "ef-proxy-resolver-private.h"

#include <string.h>

/*
 * EfProxyResolver:
 *
 * What GIO's default resolver says, which follows the settings of the desktop or of the
 * environment, but with a tunnel in place of a plain HTTP proxy (RFC 6455, section 4.1). libsoup
 * would make one for TLS alone, and does not tell the proxy's refusals from the server's.
 *
 * It may be used in any thread.
 */
struct _EfProxyResolver
{
  GObject parent_instance;
};

#define HTTP "http://"

static void
ask_for_tunnels (char **proxies)
{
  for (guint i = 0; proxies[i] != NULL; i++)
    if (g_str_has_prefix (proxies[i], HTTP))
      {
        g_autofree char *plain = proxies[i];

        proxies[i] = g_strconcat (EF_CONNECT_PROXY_PROTOCOL "://", plain + strlen (HTTP), NULL);
      }
}

static char **
ef_proxy_resolver_lookup (GProxyResolver *resolver,
                          const char *uri,
                          GCancellable *cancellable,
                          GError **error)
{
  char **proxies = g_proxy_resolver_lookup (g_proxy_resolver_get_default (), uri, cancellable,
                                            error);

  if (proxies != NULL)
    ask_for_tunnels (proxies);

  return proxies;
}

static void
looked_up (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char **proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (object), result, &error);

  if (proxies == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  ask_for_tunnels (proxies);
  g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
}

static void
ef_proxy_resolver_lookup_async (GProxyResolver *resolver,
                                const char *uri,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_source_tag (task, G_GNUC_EXTENSION (gpointer) ef_proxy_resolver_lookup_async);
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), uri, cancellable, looked_up,
                                 task);
}

static char **
ef_proxy_resolver_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, resolver), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ef_proxy_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->lookup = ef_proxy_resolver_lookup;
  iface->lookup_async = ef_proxy_resolver_lookup_async;
  iface->lookup_finish = ef_proxy_resolver_lookup_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (EfProxyResolver, ef_proxy_resolver, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      ef_proxy_resolver_iface_init))

static void
ef_proxy_resolver_class_init (EfProxyResolverClass *klass)
{
  ef_connect_proxy_register ();
}

static void
ef_proxy_resolver_init (EfProxyResolver *self)
{
}

GProxyResolver *
ef_proxy_resolver_new (void)
{
  return g_object_new (EF_TYPE_PROXY_RESOLVER, NULL);
}
