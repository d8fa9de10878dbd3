/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

#define EF_TYPE_FILE_SINK (ef_file_sink_get_type ())

G_DECLARE_FINAL_TYPE (EfFileSink, ef_file_sink, EF, FILE_SINK, EfSink)

G_END_DECLS
