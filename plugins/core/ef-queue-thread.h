/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* The thread that iterates the context behind a queue. It may be ended and begun again. */
typedef struct _EfQueueThread EfQueueThread;

EfQueueThread *ef_queue_thread_new (GMainContext *context);

void ef_queue_thread_free (EfQueueThread *self);

void ef_queue_thread_begin (EfQueueThread *self, const char *name);

void ef_queue_thread_end (EfQueueThread *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfQueueThread, ef_queue_thread_free)

G_END_DECLS
