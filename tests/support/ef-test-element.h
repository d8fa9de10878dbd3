/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/* What tests do with elements. Changes of state are waited for; see ef-test-loop.h. */

gboolean ef_test_try_set_state (gpointer element, EfState state, GError **error);

void ef_test_start (gpointer element);

void ef_test_stop (gpointer element);

void ef_test_link (gpointer first, gpointer second);

void ef_test_link_errors (gpointer element, gpointer letters);

gboolean ef_test_has_stat (gpointer element, const char *name);

guint64 ef_test_get_stat (gpointer element, const char *name);

/* An EfReceiptFunc whose data is a GError *, which becomes the error or, if there is none, one that
 * says “accepted”. */
void ef_test_note_settled (const GError *error, gpointer settled);

G_END_DECLS
