/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-message.h"

G_BEGIN_DECLS

EfMessage *ef_message_new_loud (GObject *source, const GError *error, const char *debug);

EfMessage *ef_message_new_suppressed (GObject *source, const GError *last, guint64 n_suppressed);

EfMessage *ef_message_new_dropped (guint64 n_dropped);

G_END_DECLS
