/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A text with places such as `{$.id}` in it, each of which stands for what is there in a JSON message. */
typedef struct _EfReplyTemplate EfReplyTemplate;

EfReplyTemplate *ef_reply_template_new (const char *text, GError **error);

void ef_reply_template_free (EfReplyTemplate *self);

gboolean ef_reply_template_fill (EfReplyTemplate *self,
                                 const char *message,
                                 gsize length,
                                 GString *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfReplyTemplate, ef_reply_template_free)

G_END_DECLS
