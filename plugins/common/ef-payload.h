/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

const EfValue *ef_payload_peek (EfEvent *event, GError **error);

const EfValue *ef_payload_peek_text (EfEvent *event, GError **error);

G_END_DECLS
