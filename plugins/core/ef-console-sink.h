/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_CONSOLE_SINK (ef_console_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfConsoleSink, ef_console_sink, EF, CONSOLE_SINK, EfSink)

G_END_DECLS
