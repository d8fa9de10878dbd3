/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "launch-options.h"
#include "tool-output.h"

#include <eventflux.h>

G_BEGIN_DECLS

ToolStatus launch_run (const LaunchOptions *options, EfPipeline *pipeline);

gboolean launch_is_mistake (const GError *error);

gboolean launch_is_located (const GError *error);

/* launch-validate.c */

ToolStatus launch_validate (const LaunchOptions *options, EfPipeline *pipeline);

/* launch-verbose.c */

void launch_print_properties (EfPipeline *pipeline);

void launch_watch_properties (EfPipeline *pipeline);

void launch_print_message (EfMessage *message);

G_END_DECLS
