/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What came of numbered messages: none before its time, some perhaps again. */
typedef struct _EfReceiver EfReceiver;

EfReceiver *ef_receiver_new (void);

void ef_receiver_free (EfReceiver *self);

guint ef_receiver_take (EfReceiver *self, GBytes *message);

gboolean ef_receiver_has (EfReceiver *self, guint number);

guint ef_receiver_get_n_messages (EfReceiver *self);

guint ef_receiver_get_n_repeated (EfReceiver *self);

G_END_DECLS
