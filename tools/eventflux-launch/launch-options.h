/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the command line says. */
typedef struct
{
  gboolean quiet;
  gboolean verbose;
  gboolean messages;
  gboolean eos_on_interrupt;
  gboolean validate;
  gboolean print_pipeline;
  gboolean is_file; /* the description comes from one */
  gboolean version;
  double stats_seconds; /* 0: no figures */
  char *dot_file;
  char *description;
  char *origin; /* where the description is from, for errors */
} LaunchOptions;

gboolean launch_options_parse (LaunchOptions *self, char **argv, GError **error);

void launch_options_clear (LaunchOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LaunchOptions, launch_options_clear)

G_END_DECLS
