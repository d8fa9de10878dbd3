/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EF_TYPE_TEST_PROXY (ef_test_proxy_get_type ())

G_DECLARE_FINAL_TYPE (EfTestProxy, ef_test_proxy, EF, TEST_PROXY, GObject)

EfTestProxy *ef_test_proxy_new (const char *protocol);

char *ef_test_proxy_make_url (EfTestProxy *self, const char *userinfo);

void ef_test_proxy_set_refusal (EfTestProxy *self, const char *status);

char *ef_test_proxy_wait_request (EfTestProxy *self);

G_END_DECLS
