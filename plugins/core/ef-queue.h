/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_QUEUE (ef_queue_get_type ())

G_DECLARE_FINAL_TYPE (EfQueue, ef_queue, EF, QUEUE, EfElement)

G_END_DECLS
